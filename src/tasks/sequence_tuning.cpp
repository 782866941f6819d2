#include "hypnos/sequence_tuning.hpp"

#include <algorithm>
#include <set>
#include <variant>

#include "hypnos/error.hpp"
#include "tasks/sequence_evaluator.hpp"
#include "tuning/candidate_search.hpp"
#include "tuning/search_space.hpp"

namespace hypnos {

TuningOptions sequence_search(const SleepParameters& start, std::uint64_t max_steps,
                              std::span<const double> doses) {
  constexpr double shortest_sleep = 1.0 / 64;
  TuningOptions options;
  options.moment = Moment::awake;
  options.base = start;
  options.start = start;
  options.doses.assign(doses.begin(), doses.end());
  SearchSpace& space = options.space;
  space.firing =
      std::holds_alternative<TargetRates>(start.firing) ? Firing::rate : Firing::threshold;
  space.threshold = {.low = 0.02, .high = 1000};
  space.max_steps = max_steps;
  const auto most = static_cast<double>(max_steps);
  space.steps = Range{.low = std::max(1.0, most * shortest_sleep), .high = most};
  space.growth = Range{.low = 0.02, .high = 2};
  if (doses.empty()) return options;
  const auto [low, high] = std::minmax_element(doses.begin(), doses.end());
  if (*low < *high) space.dose = Range{.low = *low, .high = *high};
  return options;
}

TuningResult tune_sequence(const Sequence& sequence, const Dataset& train,
                           const SequenceSubjects& subjects, const TuningOptions& options,
                           const TuningObserver& observer, const Execution& execution) {
  if (!sleeps(sequence.options.learner))
    throw InputError("the learner of the sequence does not sleep");
  if (subjects.seeds.empty()) throw ParameterError("seeds", "names none");
  if (std::set(subjects.seeds.begin(), subjects.seeds.end()).size() < subjects.seeds.size()) {
    throw ParameterError("seeds", "names one twice");
  }
  if (options.cautious && subjects.seeds.size() < 2) {
    throw InputError("a cautious search compares gains of two networks or more");
  }
  validate(options.space);
  std::optional<SequenceEvaluator> evaluator;
  try {
    evaluator.emplace(
        sequence, train, subjects,
        Execution{.threads = execution.threads, .progress = execution.progress.stretch(0, 0)});
  } catch (const Stopped&) {
    throw TuningStopped(TuningResult());
  }
  return search_candidates({.evaluator = *evaluator,
                            .space = options.space,
                            .subjects = subjects.seeds.size(),
                            .layers = sequence.hidden.size() + 1},
                           options, observer, execution);
}

}  // namespace hypnos
