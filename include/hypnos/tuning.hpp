#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "hypnos/distortion.hpp"
#include "hypnos/objective.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/subject.hpp"
#include "hypnos/training_options.hpp"

namespace hypnos {

/// The range in which a parameter is searched, on a logarithmic scale.
struct Range {
  double low;
  double high;
};

enum class Search { cma_es, random };
template <>
inline constexpr Name<Search> names_of<Search>[] = {{Search::cma_es, "cma-es"},
                                                    {Search::random, "random"}};

/// Which parameter is searched for each layer.
enum class Firing { rate, threshold };
template <>
inline constexpr Name<Firing> names_of<Firing>[] = {{Firing::rate, "rate"},
                                                    {Firing::threshold, "threshold"}};

/// When a candidate is judged.
enum class Moment {
  slept,  ///< right after sleep
  awake,  ///< after waking: the same, but for the cross-entropy
  tuned,  ///< after waking and training on, beside the same without sleep
};
template <>
inline constexpr Name<Moment> names_of<Moment>[] = {
    {Moment::slept, "slept"}, {Moment::awake, "awake"}, {Moment::tuned, "tuned"}};

/// The parameters that are searched. The input gain is not one of them: potentials are proportional
/// to it, so that doubling it is the same as halving all thresholds.
struct SearchSpace {
  Firing firing = Firing::rate;
  Range max_rate = {20, 1000};      ///< [Hz]
  Range increment = {1e-6, 0.1};    ///< of the weights
  Range decrement = {1e-6, 0.1};    ///< of the weights
  Range rate = {1e-5, 0.03};        ///< of hidden layers [spikes per unit and step]
  Range output_rate = {1e-5, 0.1};  ///< below 1e-4 or so the output is silent at first
  Range threshold = {0.1, 1000};    ///< with Firing::threshold, of each layer
  std::uint64_t max_steps = 6000;   ///< the length is searched along each sleep, up to this
  /// With Moment::tuned the length and the dose are coordinates like the others, if these are set.
  std::optional<Range> steps = {};
  std::optional<Range> dose = {};
  /// Of tasks in sequence.
  std::optional<Range> growth = {};
};

/// Judges a network by the samples that the subject of this number is judged by; more is better.
/// Called by several threads at once.
using Judge = std::function<double(std::size_t subject, const Network& network)>;

struct TuningOptions {
  Search search = Search::cma_es;
  SearchSpace space = {};
  Objective objective = {};
  /// Networks are judged by the weighted mean over the distortions of their samples, drawn by the
  /// seed; empty: by the samples as they are.
  std::vector<Distortion> distortions = {};
  Judge judge = {};               ///< instead of the objective, if given
  std::uint64_t budget = 1000;    ///< number of sleeps, of one network each
  std::uint64_t noise_seeds = 2;  ///< sleeps of each network per candidate
  std::uint64_t seed = 1;         ///< of the search
  /// Each is tried at each length, with the same sleep. With Moment::tuned: the least and the
  /// largest bound the search.
  std::vector<double> doses = {1};
  Moment moment = Moment::awake;
  TrainingOptions further = {};  ///< with Moment::tuned: how networks are trained on, by updates
  /// Candidates are compared by the mean score less the standard error of the mean gain over the
  /// subjects (two or more): a gain that all subjects share counts more than one of a few.
  bool cautious = false;
  SleepParameters base = {};  ///< the values of all other parameters: rule, patch, decay ...
  std::optional<SleepParameters> start = {};  ///< searched around this, if given
};

/// A candidate that was tried.
struct Candidate {
  std::vector<double> position;  ///< in the search space, each in [0, 1]
  /// After each of tuning_checkpoints(), with each of the doses: what it is compared by. With
  /// Moment::tuned there is one, less 10 for each time that the candidate was cut off early.
  std::vector<double> scores;
};

/// The lengths at which each sleep is judged: from max_steps / 16 on, in equal ratios.
std::vector<std::uint64_t> tuning_checkpoints(std::uint64_t max_steps);

/// Who looks on.
struct TuningObserver {
  /// Told each candidate when it has been tried. Calls come from the threads that do the work, one
  /// at a time, in the order of the search.
  std::function<void(const Candidate&)> tried = {};
  /// What an earlier search with the same subjects and options was told by `tried`: taken over
  /// instead of trying again, so that a search that was stopped goes on as if it had not been.
  std::span<const Candidate> known = {};
};

struct TuningResult {
  SleepParameters parameters;          ///< the best
  double before = 0;                   ///< score without sleep, mean over the subjects
  double score = 0;                    ///< with it: under noise that the search has not seen
  std::vector<double> subject_before;  ///< [subjects]
  std::vector<double> subject_score;   ///< [subjects]
  std::uint64_t candidates = 0;        ///< tried
  std::uint64_t sleeps = 0;            ///< that this took, of one network each
  std::uint64_t updates = 0;           ///< of weights, likewise
};

/// Thrown by a search that was stopped. If a candidate was tried, `so_far` has the best
/// parameters; their score is that of the search itself, and there are no scores of single
/// subjects.
class TuningStopped : public Stopped {
 public:
  explicit TuningStopped(TuningResult result) : so_far(std::move(result)) {}
  TuningResult so_far;
};

/// What tune() asks of the budget and of what belongs to it, for whoever must train the networks
/// first.
/// @throws ParameterError
void check_budget(const TuningOptions& options, std::size_t networks);

/// Searches the sleep after which the subjects score best, on average. Candidates are drawn at
/// random first, then by CMA-ES (Hansen 2016) from the best of them; the few best are tried again
/// under new noise, and the best of these is the result. The sleeps of a whole generation go on at
/// the same time. The result is the same for every number of threads.
/// @throws ParameterError, InputError when the options or the subjects are not usable;
///   TuningStopped.
TuningResult tune(std::span<const Subject> subjects, const TuningOptions& options,
                  const TuningObserver& observer = {}, const Execution& execution = {});

}  // namespace hypnos
