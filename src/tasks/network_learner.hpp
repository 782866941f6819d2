#pragma once

// A network that learns a sequence of tasks, with whatever keeps it from forgetting.

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/sequence.hpp"

namespace hypnos {

class NetworkLearner {
 public:
  /// Begins with random weights, or goes on from a state.
  /// @param train the training half
  /// @param tasks for the joint learners one, with all samples
  NetworkLearner(const Sequence& sequence, const Dataset& train, std::span<const TaskSamples> tasks,
                 const SequenceState* from);

  /// Learns the next task.
  void learn(const Execution& execution);

  /// Sleeps after the last task, and wakes, as the options say. Only wakes with Learner::waking.
  /// @return whether it slept
  bool sleep(const SequenceObserver& observer, const Execution& execution);

  std::vector<std::uint32_t> answers(const Dataset& data, const Execution& execution) const;

  SequenceState& state() { return state_; }
  /// Images that are kept for later tasks.
  std::size_t stored() const;

 private:
  struct TrainingSet {
    Dataset data;
    std::size_t stored = 0;  // the last ones
  };
  TrainingSet training_set(std::size_t task) const;
  TrainedNetwork new_network() const;
  void train(const TrainingSet& set, const TrainingContext& context, const Execution& execution);
  void learn_alone(const TrainingSet& set, const Execution& execution);
  void remember(const TrainingSet& set, const Execution& execution);
  void choose_exemplars_now(const Execution& execution);
  std::vector<std::uint32_t> known_before(std::size_t task) const;
  void wake(const Dataset& data, std::optional<double>& factor, const Execution& execution);

  const Sequence& sequence_;
  const Dataset& train_;
  std::span<const TaskSamples> tasks_;
  SequenceState state_;
};

}  // namespace hypnos
