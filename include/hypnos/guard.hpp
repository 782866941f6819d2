#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/progress.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/subject.hpp"

namespace hypnos {

/// Whether a sleep helps, by samples that the networks were not trained on.
struct Verdict {
  bool helps = false;         ///< the whole interval is above 0
  std::uint64_t steps = 0;    ///< the length at which the gain was largest
  double before = 0;          ///< part of the samples that was right
  double after = 0;           ///< the same after the sleep, mean over the noise
  double low = 0;             ///< 95% confidence interval of after - before, paired by sample,
  double high = 0;            ///<   wide enough to allow for the choice of the length
  std::uint64_t samples = 0;  ///< of all subjects

  double improvement() const { return after - before; }
};

/// Compares answers before and after a sleep, by the samples that gave them.
/// @param before [samples]: 1 where the answer is right, 0 where not
/// @param after [noise seeds][samples], likewise, in the order of the seeds
/// @param steps length of the sleep
/// @param choices lengths from which this one was chosen, because its gain is the largest
/// @throws InputError when there is no sample or no noise seed, or the lengths differ.
Verdict compare_answers(std::span<const double> before, std::span<const std::vector<double>> after,
                        std::uint64_t steps, std::size_t choices = 1);

/// Sleeps the subjects and compares each of their samples before and after, at several lengths up
/// to parameters.steps. Each subject sleeps under noise of its own; a single one under the seeds
/// noise_seed .. noise_seed + noise_count - 1.
/// @throws InputError when there is no sample; RateError when no subject can reach the target
///   rates; ParameterError when the parameters are wrong; Stopped.
Verdict judge_sleep(std::span<const Subject> subjects, const SleepParameters& parameters,
                    std::uint64_t noise_seed, std::uint64_t noise_count,
                    const Execution& execution = {});

}  // namespace hypnos
