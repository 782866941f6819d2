#include <fmt/format.h>

#include "hypnos/error.hpp"
#include "hypnos/sleep_schedule.hpp"

namespace hypnos {

TrainingOptions training_after_sleep(TrainingOptions options, std::uint64_t updates,
                                     std::optional<double> learning_rate) {
  end_after_updates(options, updates);
  options.schedule = Schedule::cosine;
  options.learning_rate = learning_rate.value_or(options.learning_rate);
  return options;
}

std::vector<TrainingOptions> divide_training(const TrainingOptions& whole,
                                             std::span<const std::uint64_t> sleep_after,
                                             std::optional<double> learning_rate) {
  if (whole.updates == 0) {
    throw ParameterError("sleep_after", "needs a training by updates, not by epochs");
  }
  std::vector<TrainingOptions> parts;
  std::uint64_t done = 0;
  for (const std::uint64_t after : sleep_after) {
    if (after <= done || after >= whole.updates) {
      throw ParameterError(
          "sleep_after", fmt::format("{} is not {}", after,
                                     after <= done && done > 0
                                         ? fmt::format("above {}, the sleep before it", done)
                                         : fmt::format("from 1 to {}: the training has {} updates",
                                                       whole.updates - 1, whole.updates)));
    }
    TrainingOptions& part = parts.emplace_back(whole);
    end_after_updates(part, after - done);
    part.schedule = Schedule::constant;
    part.average = 0;
    done = after;
  }
  parts.push_back(training_after_sleep(whole, whole.updates - done, learning_rate));
  for (const TrainingOptions& part : parts) validate(part);
  return parts;
}

}  // namespace hypnos
