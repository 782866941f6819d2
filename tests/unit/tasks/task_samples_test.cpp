#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "hypnos/error.hpp"
#include "hypnos/sequence_options.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"
#include "tasks/stored_images.hpp"

namespace hypnos {
namespace {

using Indices = std::vector<std::uint32_t>;

// 12 samples of 4 classes.
Dataset twelve() {
  Dataset data = test::toy_data(12, 2, 2, 4, 1);
  data.labels = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
  return data;
}

SequenceOptions pairs() {
  SequenceOptions options;
  options.division = "pairs";
  return options;
}

TEST(TaskSamples, ArePairsOfClassesInFileOrder) {
  SequenceOptions options = pairs();
  options.samples = 3;
  const auto tasks = divide_tasks(options, twelve(), 1);
  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_EQ(tasks[0].classes, (Indices{0, 1}));
  EXPECT_EQ(tasks[0].training, (Indices{0, 1, 4}));
  EXPECT_EQ(tasks[0].all, (Indices{0, 1, 4, 5, 8, 9}));
  EXPECT_EQ(tasks[1].training, (Indices{2, 3, 6}));
}

TEST(TaskSamples, CanBeDividedInOtherWays) {
  SequenceOptions options;
  options.division = "singles";
  EXPECT_EQ(divide_tasks(options, twelve(), 1).size(), 4U);
  options.division = "halves";
  EXPECT_EQ(divide_tasks(options, twelve(), 1)[1].classes, (Indices{2, 3}));
  options.division = "";
  options.tasks = {{3}, {0, 2}};
  const auto tasks = divide_tasks(options, twelve(), 1);
  EXPECT_EQ(tasks[0].training, (Indices{3, 7, 11}));
  EXPECT_EQ(tasks[1].training, (Indices{0, 2, 4, 6, 8, 10})) << "class 1 is left out";
}

TEST(TaskSamples, AreDrawnByTheSeed) {
  SequenceOptions options = pairs();
  options.fraction = 0.5;
  std::set<Indices> found;
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const auto tasks = divide_tasks(options, twelve(), seed);
    EXPECT_EQ(tasks[0].training.size(), 3U);
    EXPECT_TRUE(std::includes(tasks[0].all.begin(), tasks[0].all.end(), tasks[0].training.begin(),
                              tasks[0].training.end()));
    EXPECT_EQ(tasks[0].training, divide_tasks(options, twelve(), seed)[0].training);
    found.insert(tasks[0].training);
  }
  EXPECT_GT(found.size(), 5U);
}

TEST(TaskSamples, ComeInTheOrderOfTheSeed) {
  SequenceOptions options = pairs();
  options.order = TaskOrder::random;
  std::set<std::uint32_t> first;
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    first.insert(divide_tasks(options, twelve(), seed)[0].classes[0]);
  }
  EXPECT_EQ(first, (std::set<std::uint32_t>{0, 2})) << "pairs stay together";
}

TEST(TaskSamples, SaysWhatIsWrong) {
  const auto error = [](SequenceOptions options) {
    return test::message_of<ParameterError>([&] { divide_tasks(options, twelve(), 1); });
  };
  SequenceOptions options = pairs();
  options.samples = 7;
  EXPECT_EQ(error(options), "task_samples: 7 are more than the 6 samples of the classes 0, 1");
  options.fraction = 0.5;
  EXPECT_EQ(error(options), "task_samples: cannot be combined with task_fraction");
  options = {};
  options.tasks = {{0, 1}, {1}};
  EXPECT_EQ(error(options), "tasks: names the class 1 twice");
  options.tasks = {{0}, {4}};
  EXPECT_EQ(error(options), "tasks: there is no class 4; classes are 0 to 3");
  options.tasks.clear();
  options.division = "thirds";
  EXPECT_EQ(error(options),
            "tasks: are neither \"singles\", \"pairs\" or \"halves\" of the classes, nor a list of "
            "lists of classes");
}

TEST(StoredImages, ClassesShareTheMemoryEvenly) {
  const Dataset data = test::toy_data(400, 2, 2, 4, 1);
  const auto tasks = divide_tasks(pairs(), data, 1);
  const Indices after_one = stored_after(1, 11, tasks, data.labels, 5);
  const Indices after_two = stored_after(2, 11, tasks, data.labels, 5);
  const auto count = [&](const Indices& stored, std::uint32_t label) {
    return std::count_if(stored.begin(), stored.end(),
                         [&](std::uint32_t s) { return data.labels[s] == label; });
  };
  EXPECT_EQ(after_one.size(), 11U);
  EXPECT_EQ(count(after_one, 0), 6);
  EXPECT_EQ(count(after_one, 1), 5);
  EXPECT_EQ(after_two.size(), 11U);
  for (std::uint32_t label = 0; label < 4; ++label) {
    EXPECT_EQ(count(after_two, label), label < 3 ? 3 : 2);
  }
  for (const std::uint32_t s : after_two) {
    if (data.labels[s] > 1) continue;
    EXPECT_NE(std::find(after_one.begin(), after_one.end(), s), after_one.end())
        << "what was given up does not come back";
  }
  EXPECT_NE(after_two, stored_after(2, 11, tasks, data.labels, 6));
}

TEST(StoredImages, AreDrawnAnewInHundreds) {
  const Dataset data = test::toy_data(1000, 2, 2, 4, 1);
  const auto tasks = divide_tasks(pairs(), data, 1);
  const std::size_t past = tasks[0].all.size();
  const Indices drawn = drawn_before(1, 0.5, tasks, 1);
  EXPECT_EQ(drawn.size(), 100 * ((past / 2 + 50) / 100));
  EXPECT_EQ(std::set(drawn.begin(), drawn.end()).size(), drawn.size());
  for (const std::uint32_t s : drawn) EXPECT_LT(data.labels[s], 2U);
  EXPECT_TRUE(drawn_before(0, 0.5, tasks, 1).empty());
}

}  // namespace
}  // namespace hypnos
