#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "hypnos/sequence_options.hpp"

namespace hypnos {
namespace {

using Tasks = std::vector<std::vector<std::uint32_t>>;

// All classes in their order, so many in each task.
Tasks divide_classes(const std::string& division, std::size_t classes) {
  const std::size_t in_each = division == "singles" ? 1 : division == "pairs" ? 2 : classes / 2;
  if (in_each == 0 || classes % in_each != 0) {
    throw ParameterError("tasks",
                         fmt::format("{} classes cannot be divided into {}", classes, division));
  }
  Tasks tasks(classes / in_each);
  for (std::uint32_t c = 0; c < classes; ++c) tasks[c / in_each].push_back(c);
  return tasks;
}

Tasks ordered_tasks(const SequenceOptions& options, std::size_t classes, std::uint64_t seed) {
  const Tasks listed =
      options.tasks.empty() ? divide_classes(options.division, classes) : options.tasks;
  if (options.order == TaskOrder::fixed) return listed;
  std::vector<std::uint32_t> order(listed.size());
  std::iota(order.begin(), order.end(), 0U);
  RandomSequence random(seed, Purpose::tasks);
  shuffle(order, random);
  Tasks tasks;
  tasks.reserve(order.size());
  for (const std::uint32_t task : order) tasks.push_back(listed[task]);
  return tasks;
}

std::string text_of(const std::vector<std::uint32_t>& classes) {
  return fmt::format("{}", fmt::join(classes, ", "));
}

// Those of `all` that are trained on.
std::vector<std::uint32_t> chosen(const SequenceOptions& options, const TaskSamples& task,
                                  std::size_t number, std::uint64_t seed) {
  std::vector<std::uint32_t> samples = task.all;
  if (options.samples) {
    if (*options.samples > samples.size()) {
      throw ParameterError("task_samples",
                           fmt::format("{} are more than the {} samples of the classes {}",
                                       *options.samples, samples.size(), text_of(task.classes)));
    }
    samples.resize(*options.samples);
  } else if (options.fraction) {
    RandomSequence random(seed, Purpose::tasks, 1 + number);
    shuffle(samples, random);
    samples.resize(static_cast<std::size_t>(
        std::llround(*options.fraction * static_cast<double>(samples.size()))));
    std::sort(samples.begin(), samples.end());
  }
  if (samples.empty()) {
    throw ParameterError(
        "tasks", fmt::format("there are no samples of the classes {}", text_of(task.classes)));
  }
  return samples;
}

}  // namespace

std::vector<TaskSamples> divide_tasks(const SequenceOptions& options, const Dataset& train,
                                      std::uint64_t seed) {
  validate(options);
  std::vector<TaskSamples> tasks;
  constexpr std::size_t none = -1;
  std::vector<std::size_t> task_of(train.classes, none);
  for (std::vector<std::uint32_t>& classes : ordered_tasks(options, train.classes, seed)) {
    for (const std::uint32_t label : classes) {
      if (label >= train.classes) {
        throw ParameterError("tasks", fmt::format("there is no class {}; classes are 0 to {}",
                                                  label, train.classes - 1));
      }
      task_of[label] = tasks.size();
    }
    tasks.push_back({.classes = std::move(classes), .training = {}, .all = {}});
  }
  for (std::uint32_t s = 0; s < train.size(); ++s) {
    const std::size_t task = task_of[train.labels[s]];
    if (task != none) tasks[task].all.push_back(s);
  }
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    tasks[t].training = chosen(options, tasks[t], t, seed);
  }
  return tasks;
}

}  // namespace hypnos
