#pragma once

// The search for a sleep that serves a whole sequence of tasks.

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/sequence.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos {

/// On which sequences candidates are tried.
struct SequenceSubjects {
  std::vector<std::uint64_t> seeds = {};  ///< of their networks; the first judges alone at first
  /// Samples that judge each, at most: of those of the training half that the sequence does not
  /// train on, as many of each class.
  std::size_t samples = 1000;
};

/// What is searched for a sequence, from these parameters on: the firing that they name, the length
/// up to `max_steps`, its growth, and the dose where there are several.
TuningOptions sequence_search(const SleepParameters& start, std::uint64_t max_steps,
                              std::span<const double> doses);

/// Searches one set of parameters for all sleeps of a sequence, and how their length grows. What
/// counts is the accuracy on all classes in the end. Each generation is cut twice, to the best
/// quarter: by the first seed's first two tasks, and by its whole sequence; what is left is judged
/// by all seeds. A candidate that is cut off scores what it had then, less 10 for each round that
/// it missed. Samples of the test half are not read.
/// @param sequence its learner sleeps; its seed means nothing here
/// @param options `space` says what is searched: `steps`, `dose` and `growth` if they are set;
///   `budget` counts sequences, `moment` and `objective` mean nothing
/// @throws ParameterError when the sequence trains on all samples, so that none can judge; as
/// tune()
TuningResult tune_sequence(const Sequence& sequence, const Dataset& train,
                           const SequenceSubjects& subjects, const TuningOptions& options,
                           const TuningObserver& observer = {}, const Execution& execution = {});

}  // namespace hypnos
