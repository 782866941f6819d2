#pragma once

// How classes are learned in tasks, one after the other (class-incremental learning): there is one
// output for each class, and no task is named at test time.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/names.hpp"

namespace hypnos {

/// What learns the sequence.
enum class Learner {
  sleep,               ///< a network that sleeps after its tasks
  sequential,          ///< the same without sleep and waking
  waking,              ///< woken where it would sleep
  joint,               ///< trained once, on all samples of all tasks
  joint_same,          ///< likewise, on those that the sequence sees
  averaging,           ///< the mean of networks that each learned one task from the same beginning
  lwf,                 ///< Learning without Forgetting (Li and Hoiem 2016)
  ewc,                 ///< Elastic Weight Consolidation (Kirkpatrick et al. 2017), online
  nearest_class_mean,  ///< of pixels
  lda,                 ///< streaming linear discriminant analysis of pixels (Hayes and Kanan 2020)
  icarl,               ///< iCaRL (Rebuffi et al. 2017)
  icarl_sleep,         ///< iCaRL with a network that sleeps after its tasks
};
template <>
inline constexpr Name<Learner> names_of<Learner>[] = {
    {Learner::sleep, "sleep"},
    {Learner::sequential, "sequential"},
    {Learner::waking, "waking"},
    {Learner::joint, "joint"},
    {Learner::joint_same, "joint-same"},
    {Learner::averaging, "averaging"},
    {Learner::lwf, "lwf"},
    {Learner::ewc, "ewc"},
    {Learner::nearest_class_mean, "nearest-class-mean"},
    {Learner::lda, "lda"},
    {Learner::icarl, "icarl"},
    {Learner::icarl_sleep, "icarl-sleep"}};

/// In which order the tasks come.
enum class TaskOrder {
  fixed,   ///< as they are listed
  random,  ///< drawn by the seed
};
template <>
inline constexpr Name<TaskOrder> names_of<TaskOrder>[] = {{TaskOrder::fixed, "fixed"},
                                                          {TaskOrder::random, "random"}};

/// After which tasks the network sleeps.
enum class SleepWhen { each, end };
template <>
inline constexpr Name<SleepWhen> names_of<SleepWhen>[] = {{SleepWhen::each, "each"},
                                                          {SleepWhen::end, "end"}};

/// What shapes the noise of a sleep (the mean image) and its scale factors (the largest
/// activations).
enum class Calibration {
  all,      ///< all images of the training half of all classes so far: reads old ones (released)
  running,  ///< mean of all images that were trained on; activations by those of this training
  current,  ///< images of this training: those of the task, and stored ones
  first,    ///< images of the first task, as the released scripts for features have it
};
template <>
inline constexpr Name<Calibration> names_of<Calibration>[] = {{Calibration::all, "all"},
                                                              {Calibration::running, "running"},
                                                              {Calibration::current, "current"},
                                                              {Calibration::first, "first"}};

/// How images of earlier tasks are trained on again.
enum class Replay {
  balanced,  ///< each batch has as many stored images as new ones
  append,    ///< stored images are added to the new ones
  released,  ///< a part of all earlier images is drawn anew and added: the memory has no bound
};
template <>
inline constexpr Name<Replay> names_of<Replay>[] = {
    {Replay::balanced, "balanced"}, {Replay::append, "append"}, {Replay::released, "released"}};

/// Which images iCaRL stores.
enum class Exemplars {
  herding,  ///< those whose mean comes nearest to that of the class, one by one
  random,
};
template <>
inline constexpr Name<Exemplars> names_of<Exemplars>[] = {{Exemplars::herding, "herding"},
                                                          {Exemplars::random, "random"}};

/// All that determines a sequence beside the data, the networks and the sleep.
struct SequenceOptions {
  Learner learner = Learner::sleep;
  std::vector<std::vector<std::uint32_t>> tasks = {};  ///< classes of each
  /// Or, instead of them: "singles", "pairs" or "halves" of all classes, in their order.
  std::string division = {};
  TaskOrder order = TaskOrder::fixed;
  /// Of each task: the first so many in file order, or this part of them, drawn by the seed. With
  /// neither all.
  std::optional<std::size_t> samples = {};
  std::optional<double> fraction = {};
  SleepWhen sleep_when = SleepWhen::each;
  Calibration calibration = Calibration::running;
  bool wake = true;  ///< after each sleep
  /// Stored images in all. The classes share them evenly.
  std::size_t memory = 0;
  Replay replay = Replay::balanced;
  double replay_fraction = 0;  ///< with Replay::released: of all images of earlier tasks
  std::optional<double> later_learning_rate = {};  ///< of the tasks after the first
  bool carry_momentum = true;  ///< over tasks and sleeps. Waking begins it anew.
  double ewc_strength = 100;   ///< lambda
  Exemplars exemplars = Exemplars::herding;
};

/// Whether the learner is a network that sleeps.
constexpr bool sleeps(Learner learner) {
  return learner == Learner::sleep || learner == Learner::icarl_sleep;
}
/// Whether it is trained by gradients at all.
constexpr bool is_trained(Learner learner) {
  return learner != Learner::nearest_class_mean && learner != Learner::lda;
}
constexpr bool is_icarl(Learner learner) {
  return learner == Learner::icarl || learner == Learner::icarl_sleep;
}
constexpr bool is_joint(Learner learner) {
  return learner == Learner::joint || learner == Learner::joint_same;
}
/// Whether it stores images, if there is memory for them.
constexpr bool has_memory(Learner learner) {
  return learner == Learner::sleep || learner == Learner::sequential ||
         learner == Learner::waking || is_icarl(learner);
}

/// @throws ParameterError naming the option in the words of a plan.
void validate(const SequenceOptions& options);

/// The same sequence: what the learner does not look at has its usual value.
SequenceOptions without_what_has_no_effect(const SequenceOptions& options);

/// The samples of one task.
struct TaskSamples {
  std::vector<std::uint32_t> classes;
  std::vector<std::uint32_t> training;  ///< that are trained on, ascending
  std::vector<std::uint32_t> all;       ///< of these classes, ascending
};

/// Whether there is such a division.
bool is_division(const std::string& name);

/// The tasks in the order in which they come.
/// @throws ParameterError when a class is not known, or a task has too few samples.
std::vector<TaskSamples> divide_tasks(const SequenceOptions& options, const Dataset& train,
                                      std::uint64_t seed);

}  // namespace hypnos
