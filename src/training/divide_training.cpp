#include <fmt/format.h>

#include "hypnos/error.hpp"
#include "hypnos/sleep_schedule.hpp"

namespace hypnos {

std::vector<TrainingOptions> divide_training(const TrainingOptions& whole,
                                             std::span<const std::uint64_t> sleep_after) {
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
  TrainingOptions& last = parts.emplace_back(whole);
  end_after_updates(last, whole.updates - done);
  last.schedule = Schedule::cosine;
  return parts;
}

}  // namespace hypnos
