#include "cli/accuracy_trace.hpp"

#include <fmt/format.h>

#include "cli/watch.hpp"
#include "hypnos/stages.hpp"

namespace hypnos::cli {

AccuracyTrace::AccuracyTrace(const Network& before, const Dataset& data)
    : data_(data), text_("step,training_accuracy\n") {
  add(0, before);
}

void AccuracyTrace::attach(SleepObserver& observer, std::uint64_t every, std::uint64_t steps) {
  for (std::uint64_t step = every; step <= steps; step += every) {
    observer.checkpoints.push_back(step);
  }
  observer.checkpoint = [this](std::uint64_t step, const Network& network) {
    add(step, network);
    return true;
  };
}

void AccuracyTrace::add(std::uint64_t step, const Network& network) {
  const stages::Measured found =
      stages::measure(network, data_, {.progress = stop_when_interrupted()});
  text_ += fmt::format("{},{}\n", step, found.metrics.accuracy);
}

}  // namespace hypnos::cli
