#include "tasks/stored_images.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"

namespace hypnos {
namespace {

// Sub-streams of Purpose::tasks; those below are taken by the tasks themselves.
constexpr std::uint64_t class_streams = 1ULL << 32U;
constexpr std::uint64_t drawing_streams = 1ULL << 33U;

}  // namespace

std::vector<std::uint32_t> stored_after(std::size_t learned, std::size_t memory,
                                        std::span<const TaskSamples> tasks,
                                        std::span<const std::uint32_t> labels, std::uint64_t seed) {
  std::size_t classes = 0;
  for (const TaskSamples& task : tasks.first(learned)) classes += task.classes.size();
  std::vector<std::uint32_t> stored;
  std::size_t number = 0;
  for (const TaskSamples& task : tasks.first(learned)) {
    for (const std::uint32_t label : task.classes) {
      // The first classes have one more where the memory cannot be shared evenly.
      const std::size_t most = memory / classes + (number++ < memory % classes ? 1 : 0);
      std::vector<std::uint32_t> members;
      std::copy_if(task.training.begin(), task.training.end(), std::back_inserter(members),
                   [&](std::uint32_t sample) { return labels[sample] == label; });
      RandomSequence random(seed, Purpose::tasks, class_streams + label);
      shuffle(members, random);
      members.resize(std::min(members.size(), most));
      stored.insert(stored.end(), members.begin(), members.end());
    }
  }
  return stored;
}

std::vector<std::uint32_t> drawn_before(std::size_t task, double fraction,
                                        std::span<const TaskSamples> tasks, std::uint64_t seed) {
  std::vector<std::uint32_t> past;
  for (const TaskSamples& earlier : tasks.first(task)) {
    past.insert(past.end(), earlier.all.begin(), earlier.all.end());
  }
  RandomSequence random(seed, Purpose::tasks, drawing_streams + task);
  shuffle(past, random);
  const auto hundreds =
      static_cast<std::size_t>(std::llround(fraction * static_cast<double>(past.size()) / 100));
  past.resize(std::min(past.size(), 100 * hundreds));
  return past;
}

}  // namespace hypnos
