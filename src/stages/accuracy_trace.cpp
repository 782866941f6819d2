#include "stages/accuracy_trace.hpp"

#include <fmt/format.h>

#include "hypnos/stages.hpp"

namespace hypnos {

AccuracyTrace::AccuracyTrace(const Network& before, const Dataset& data, Progress progress)
    : data_(data), progress_(std::move(progress)), text_("step,training_accuracy\n") {
  add(0, before);
}

void AccuracyTrace::attach(SleepObserver& observer, std::uint64_t every, std::uint64_t steps) {
  for (std::uint64_t line = 1; line <= steps / every; ++line) {
    observer.checkpoints.push_back(line * every);
  }
  observer.checkpoint = [this](std::uint64_t step, const Network& network) {
    add(step, network);
    return true;
  };
}

void AccuracyTrace::add(std::uint64_t step, const Network& network) {
  const stages::Measured found = stages::measure(network, data_, {.progress = progress_});
  text_ += fmt::format("{},{}\n", step, found.metrics.accuracy);
}

}  // namespace hypnos
