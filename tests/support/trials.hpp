#pragma once

#include "hypnos/database.hpp"

namespace hypnos::test {

/// A trial that was measured before and after sleep.
/// @param after negative: it was not measured after sleep
inline StoredTrial make_trial(double fraction, std::uint64_t seed, double before, double after) {
  StoredTrial trial;
  trial.configuration = {{"choices", {{"data", "toy"}, {"fraction", fraction}}},
                         {"seed", seed},
                         {"subset", {{"fraction", fraction}, {"seed", seed}}}};
  const auto at = [](double accuracy) {
    Metrics metrics;
    metrics.accuracy = accuracy;
    return metrics;
  };
  trial.outcome.measurements.push_back({before_sleep, at(before)});
  if (after >= 0) trial.outcome.measurements.push_back({after_sleep, at(after)});
  return trial;
}

}  // namespace hypnos::test
