#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hypnos/distortion.hpp"
#include "hypnos/objective.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/subject.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos {

/// How alike the networks that judge are to the one that would sleep: the part of its own training
/// samples that each of them knows.
struct Likeness {
  double network = 0;
  double judges = 0;  ///< mean
  /// Where they differ by more, the judges say nothing about the network: at the edge of a plateau
  /// of the training a fifth of the samples, or chance, decides which side a network is on. Five
  /// points, and twice the standard error of the difference for so many samples.
  double tolerance = 0;

  bool fair() const { return judges - network <= tolerance && network - judges <= tolerance; }
};

/// Whether a sleep helps, by samples that the networks were not trained on.
struct Verdict {
  bool helps = false;         ///< the whole interval is above 0, and the judges are fair
  std::uint64_t steps = 0;    ///< the length at which the gain was largest
  double before = 0;          ///< what the objective is worth
  double after = 0;           ///< the same after the sleep, mean over the noise
  double low = 0;             ///< 95% confidence interval of after - before, paired by sample,
  double high = 0;            ///<   wide enough to allow for the choice of the length
  std::uint64_t samples = 0;  ///< of all subjects
  std::optional<Likeness> likeness = {};  ///< of judges that were trained for it

  double improvement() const { return after - before; }
};

/// By what a sleep is judged.
struct Judging {
  std::uint64_t noise_seed = 1;   ///< the first of those of the sleeps; it also draws distortions
  std::uint64_t noise_seeds = 3;  ///< sleeps of each network
  Objective objective = {};
  std::vector<Distortion> distortions = {};  ///< the mean over them; empty: samples as they are
  /// Which sample each of the subjects' samples is, one subject after the other, where several
  /// subjects judge by the same one: it counts once, by the mean over them. Empty: all differ.
  std::vector<std::uint32_t> sample = {};
  /// Right after sleep or awake is the same: probabilities are always those after waking. tuned:
  /// after waking and training on in the way of `further`, beside the same without sleep.
  Moment moment = Moment::awake;
  TrainingOptions further = {};
};

/// Compares answers before and after a sleep, by the samples that gave them.
/// @param before [samples]: 1 where the answer is right, 0 where not, or the mean of that over
///   distortions
/// @param after [noise seeds][samples], likewise, in the order of the seeds
/// @param steps length of the sleep
/// @param choices lengths from which this one was chosen, because its gain is the largest
/// @param classes [samples], of each sample: samples are then taken as drawn from each class, as
///   many as there are. Empty: as drawn from all
/// @throws InputError when there is no sample or no noise seed, or the lengths differ.
Verdict compare_answers(std::span<const double> before, std::span<const std::vector<double>> after,
                        std::uint64_t steps, std::size_t choices = 1,
                        std::span<const std::uint32_t> classes = {});

/// What a network puts out for samples that it was not trained on, before and after sleeps.
struct OutputsOfFold {
  std::vector<std::uint32_t> labels;
  std::vector<float> before;              ///< [samples x classes]
  std::vector<std::vector<float>> after;  ///< [noise seeds][samples x classes]
};

/// Compares the networks of all folds before and after a sleep, by any objective.
/// @param classes that the outputs have
/// @param steps length of the sleep
/// @throws InputError when there is no sample or no noise seed, numbers of them differ, or the
///   samples say nothing about the objective; Stopped.
Verdict compare_outputs(const Objective& objective, std::span<const OutputsOfFold> folds,
                        std::size_t classes, std::uint64_t steps, const Execution& execution = {});

/// Sleeps the subjects and compares each of their samples before and after, at several lengths up
/// to parameters.steps; with Moment::tuned at that length alone. Each subject sleeps under noise of
/// its own; a single one under the seeds noise_seed, noise_seed + 1, ...
/// @throws InputError when there is no sample, or the samples say nothing about the objective;
///   RateError when no subject can reach the target rates; ParameterError when the parameters are
///   wrong; Stopped.
Verdict judge_sleep(std::span<const Subject> subjects, const SleepParameters& parameters,
                    const Judging& judging = {}, const Execution& execution = {});

}  // namespace hypnos
