#include "hypnos/sequence_options.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

void check_tasks(const SequenceOptions& options) {
  if (options.tasks.empty() && !is_division(options.division)) {
    throw ParameterError("tasks",
                         "are neither \"singles\", \"pairs\" or \"halves\" of the "
                         "classes, nor a list of lists of classes");
  }
  std::set<std::uint32_t> known;
  for (const auto& classes : options.tasks) {
    if (classes.empty()) throw ParameterError("tasks", "has a task without classes");
    for (const std::uint32_t label : classes) {
      if (!known.insert(label).second) {
        throw ParameterError("tasks", fmt::format("names the class {} twice", label));
      }
    }
  }
}

}  // namespace

void validate(const SequenceOptions& options) {
  check_tasks(options);
  if (options.samples && options.fraction) {
    throw ParameterError("task_samples", "cannot be combined with task_fraction");
  }
  if (options.samples && *options.samples == 0)
    throw ParameterError("task_samples", "must not be 0");
  if (options.fraction && !(*options.fraction > 0 && *options.fraction <= 1)) {
    throw ParameterError("task_fraction", fmt::format("{} is not in (0, 1]", *options.fraction));
  }
  const bool draws = options.replay == Replay::released;
  if (has_memory(options.learner) && draws) {
    if (is_icarl(options.learner))
      throw ParameterError("replay", "released does not go with icarl");
    if (options.memory > 0) {
      throw ParameterError("memory",
                           "means nothing to the replay \"released\", which draws "
                           "replay_fraction of all images of earlier tasks");
    }
    if (!(options.replay_fraction >= 0 && options.replay_fraction <= 1)) {
      throw ParameterError("replay_fraction",
                           fmt::format("{} is not in [0, 1]", options.replay_fraction));
    }
  }
  if (!draws && options.replay_fraction > 0) {
    throw ParameterError("replay_fraction", "goes with the replay \"released\"");
  }
  if (is_icarl(options.learner) && options.memory == 0) {
    throw ParameterError("memory", "is missing: icarl answers by stored images");
  }
  if (options.later_learning_rate && !(*options.later_learning_rate > 0)) {
    throw ParameterError("later_learning_rate",
                         fmt::format("{} is not positive", *options.later_learning_rate));
  }
  if (!(options.ewc_strength >= 0) || !std::isfinite(options.ewc_strength)) {
    throw ParameterError("ewc_strength",
                         fmt::format("{} is not a number, 0 or more", options.ewc_strength));
  }
}

SequenceOptions without_what_has_no_effect(const SequenceOptions& options) {
  const SequenceOptions usual;
  SequenceOptions kept = options;
  const Learner learner = options.learner;
  if (!sleeps(learner)) {
    kept.calibration = usual.calibration;
    kept.wake = usual.wake;
    if (learner != Learner::waking) kept.sleep_when = usual.sleep_when;
  }
  if (!has_memory(learner)) {
    kept.memory = 0;
    kept.replay = usual.replay;
    kept.replay_fraction = 0;
  }
  if (kept.replay != Replay::released && kept.memory == 0) kept.replay = usual.replay;
  if (is_icarl(learner)) {
    kept.replay = usual.replay;
  } else {
    kept.exemplars = usual.exemplars;
  }
  if (learner != Learner::ewc) kept.ewc_strength = usual.ewc_strength;
  if (!is_trained(learner) || is_joint(learner) || learner == Learner::averaging) {
    kept.carry_momentum = usual.carry_momentum;
    kept.later_learning_rate.reset();
  }
  if (learner == Learner::joint) {
    kept.order = usual.order;
    kept.samples.reset();
    kept.fraction.reset();
  }
  return kept;
}

bool is_division(const std::string& name) {
  return name == "singles" || name == "pairs" || name == "halves";
}

}  // namespace hypnos
