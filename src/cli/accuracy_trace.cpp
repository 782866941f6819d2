#include "cli/accuracy_trace.hpp"

#include <fmt/format.h>

#include "cli/watch.hpp"
#include "hypnos/error.hpp"
#include "hypnos/stages.hpp"

namespace hypnos::cli {

void check_trace(std::uint64_t steps, std::uint64_t every) {
  constexpr std::uint64_t most = 1'000'000;
  if (steps / every <= most) return;
  throw ParameterError("--trace-steps", fmt::format("{} would give {} lines; {} are possible",
                                                    every, steps / every, most));
}

AccuracyTrace::AccuracyTrace(const Network& before, const Dataset& data)
    : data_(data), text_("step,training_accuracy\n") {
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
  const stages::Measured found =
      stages::measure(network, data_, {.progress = stop_when_interrupted()});
  text_ += fmt::format("{},{}\n", step, found.metrics.accuracy);
}

}  // namespace hypnos::cli
