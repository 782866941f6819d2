#include "hypnos/sequence_tuning.hpp"

#include <set>

#include "hypnos/error.hpp"
#include "tasks/sequence_evaluator.hpp"
#include "tuning/candidate_search.hpp"
#include "tuning/search_space.hpp"

namespace hypnos {

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
