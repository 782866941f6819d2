#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "hypnos/metrics.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/recipe.hpp"
#include "hypnos/sequence_measures.hpp"
#include "hypnos/sequence_options.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

/// A sequence of tasks, and what learns it.
struct Sequence {
  SequenceOptions options;
  TrainingOptions training;                        ///< of each task
  std::vector<std::size_t> hidden = {1200, 1200};  ///< units of the hidden layers
  SleepParameters parameters = {};                 ///< where the learner sleeps
  std::uint64_t seed = 1;
  std::uint64_t noise = 0;  ///< another number: the same networks sleep under other noise
};

/// How far a sequence is, between two of its steps: all that the next one needs.
struct SequenceState {
  std::size_t learned = 0;                                 ///< tasks
  bool slept = false;                                      ///< after the last of them
  TrainedNetwork trained = {};                             ///< its history says how it came to be
  OptimizerState optimizer = {};                           ///< as the last training has left it
  std::vector<Layer> importance = {};                      ///< of weights, with Learner::ewc
  std::optional<Network> anchor = {};                      ///< likewise
  std::vector<std::vector<std::uint32_t>> exemplars = {};  ///< [classes], of iCaRL
  std::vector<TaskAccuracies> rows = {};                   ///< what was measured
};

/// A sleep in a sequence, for those who look on.
struct SequenceSleep {
  std::size_t learned = 0;  ///< tasks before it
  SleepReport report = {};
  std::optional<double> waking_factor = {};
};

/// What a sequence is, found out while it is learned.
struct SequenceReport {
  SequenceState state = {};            ///< in the end; without network for closed forms
  std::optional<Metrics> before = {};  ///< on all test samples, before the last sleep, if any
  Metrics metrics = {};                ///< on all test samples, in the end
  std::size_t stored = 0;              ///< images that were kept at most
  bool reads_old = false;              ///< whether images of earlier tasks were used
  std::optional<double> ridge = {};    ///< that was chosen by the samples, with Learner::lda
  /// [s], of this call
  double training_seconds = 0;  ///< or, of closed forms, fitting
  double sleeping_seconds = 0;  ///< calibration and waking with it
  double measuring_seconds = 0;
};

struct SequenceObserver {
  /// Shown the state when a network has learned a task, and again when it has slept on it. False
  /// ends the sequence there. Closed forms have no such states.
  std::function<bool(const SequenceState&)> step = {};
  /// Shown the network as it was before a sleep, and as it is after it, not yet awake.
  std::function<void(const SequenceSleep&, const Network& before, const Network& after)> slept = {};
};

/// Learns a sequence.
/// @param train the training half. Its samples that are not trained on are read only where the
///   options say so (Calibration::all, Replay::released, Learner::joint).
/// @param test judges each task; never trained on
/// @param from goes on from there; null: begins. The result is as if it had not been interrupted.
/// @throws ParameterError, InputError when options and data do not fit, or `from` is of another
///   sequence; Stopped: the last state
///   that the observer was shown is where to go on.
SequenceReport learn_sequence(const Sequence& sequence, const Dataset& train, const Dataset& test,
                              const SequenceObserver& observer = {},
                              const SequenceState* from = nullptr, const Execution& execution = {});

/// About how much work learning it is. The unit is to train with one sample once.
double work_of(const Sequence& sequence, const Dataset& train, const Dataset& test);

}  // namespace hypnos
