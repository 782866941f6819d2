#include "hypnos/stages.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "hypnos/error.hpp"
#include "hypnos/judges.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {
namespace {

Recipe small_recipe() {
  TrainingOptions options = authors_protocol();
  options.epochs = 6;
  options.initial_range = 0.1;
  return {.data = {}, .subset = {}, .seed = 3, .training = options, .history = {}};
}

const std::size_t hidden[] = {30, 20};

SleepParameters small_sleep() {
  return parse_sleep_parameters(
      "steps = 400\nmax_rate = 200\npatch = 5\nincrement = 0.001\ndecrement = 0.0002\n"
      "target_rate = [0.02, 0.02, 0.001]\n",
      "test");
}

class StagesTest : public testing::Test {
 protected:
  Dataset data_ = test::toy_data(120, 8, 8, 4, 1);
  TrainedNetwork trained_ = stages::begin(small_recipe(), data_, hidden);
};

TEST_F(StagesTest, HistoryTellsWhatWasDone) {
  stages::train(trained_, data_);
  stages::sleep(trained_, &data_, {.parameters = small_sleep()});
  const double factor = stages::wake(trained_, data_);
  TrainingOptions further = finetuning_after(*trained_.recipe.training);
  further.epochs = 2;
  stages::finetune(trained_, data_, further);
  const auto& history = trained_.recipe.history;
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(std::get<TrainedStage>(history[0].what).epochs, 6U);
  EXPECT_EQ(std::get<TrainedStage>(history[0].what).seed, 3U);
  EXPECT_EQ(std::get<SleptStage>(history[1].what).steps, 400U);
  EXPECT_EQ(std::get<WokenStage>(history[2].what).gain, factor);
  EXPECT_TRUE(std::get<TrainedStage>(history[3].what).further);
  EXPECT_EQ(std::get<TrainedStage>(history[3].what).seed, 6U) << "each training draws anew";
}

TEST_F(StagesTest, JudgesThatAreUnlikeTheNetworkAreNotFair) {
  trained_.recipe.training->learning_rate = 0.1;
  trained_.recipe.training->epochs = 100;
  const TrainedNetwork untrained = trained_;
  stages::train(trained_, data_);
  const stages::Guard guard{.folds = 2, .noise_seeds = 1};
  const Verdict fair = stages::judge(trained_, data_, small_sleep(), guard);
  ASSERT_TRUE(fair.likeness.has_value());
  EXPECT_TRUE(fair.likeness->fair());
  // The recipe says that it was trained, and its weights say that it was not.
  TrainedNetwork unlike = trained_;
  unlike.network = untrained.network;
  const Verdict unfair = stages::judge(unlike, data_, small_sleep(), guard);
  ASSERT_TRUE(unfair.likeness.has_value());
  EXPECT_GT(unfair.likeness->judges, unfair.likeness->network + 0.3);
  EXPECT_FALSE(unfair.likeness->fair());
  EXPECT_FALSE(unfair.helps);
  EXPECT_FALSE(stages::note_of(unfair, guard).fair);
}

TEST_F(StagesTest, SleepsWithinATrainingAreThoseOfTheStagesOneByOne) {
  TrainingOptions whole = *trained_.recipe.training;
  end_after_updates(whole, 12);
  whole.average = 0.5;
  trained_.recipe.training = whole;
  TrainedNetwork one_by_one = trained_;
  std::vector<std::uint64_t> told;
  stages::train_with_sleeps(trained_, data_,
                            {.after = {3, 7},
                             .parameters = small_sleep(),
                             .observer = [&](const stages::SleepWithin& sleep, const Network&) {
                               told.push_back(sleep.updates);
                             }});
  EXPECT_EQ(told, (std::vector<std::uint64_t>{3, 7}));

  const auto part = [&](std::uint64_t updates, Schedule schedule, double average) {
    TrainingOptions options = whole;
    end_after_updates(options, updates);
    options.schedule = schedule;
    options.average = average;
    return options;
  };
  one_by_one.recipe.training = part(3, Schedule::constant, 0);
  stages::train(one_by_one, data_);
  for (const auto& further :
       {part(4, Schedule::constant, 0), part(5, Schedule::cosine, whole.average)}) {
    stages::sleep(one_by_one, &data_, {.parameters = small_sleep()});
    stages::wake(one_by_one, data_);
    stages::finetune(one_by_one, data_, further);
  }
  EXPECT_EQ(to_json(trained_.recipe.history), to_json(one_by_one.recipe.history));
  EXPECT_EQ(to_json(*trained_.recipe.training), to_json(*one_by_one.recipe.training));
  for (std::size_t l = 0; l < trained_.network.layers.size(); ++l) {
    EXPECT_EQ(trained_.network.layers[l].weights, one_by_one.network.layers[l].weights);
  }
}

TEST_F(StagesTest, AStoppedTrainingKeepsWhatItHas) {
  const Progress progress([](double part, std::string_view) { return part < 0.6; });
  const Network before = trained_.network;
  EXPECT_THROW(stages::train(trained_, data_, {.progress = progress}), TrainingStopped);
  ASSERT_EQ(trained_.recipe.history.size(), 1U);
  EXPECT_LT(std::get<TrainedStage>(trained_.recipe.history[0].what).epochs, 6U);
  EXPECT_NE(trained_.network.layers[0].weights, before.layers[0].weights);
}

TEST_F(StagesTest, AStoppedSleepKeepsWhatItHas) {
  stages::train(trained_, data_);
  SleepParameters endless = small_sleep();
  endless.steps = 1'000'000'000;
  const Progress progress(
      [](double, std::string_view note) { return !note.starts_with("step ") || note == "step 0"; });
  EXPECT_THROW(stages::sleep(trained_, &data_, {.parameters = endless}, {.progress = progress}),
               SleepStopped);
  const auto& slept = std::get<SleptStage>(trained_.recipe.history.back().what);
  EXPECT_GT(slept.steps, 0U);
  EXPECT_LT(slept.steps, endless.steps);
}

TEST_F(StagesTest, ProgressNeverGoesBack) {
  const Dataset many = test::toy_data(1000, 8, 8, 4, 1);
  const auto parts_of = [](const auto& work) {
    std::vector<double> parts;
    work(Progress([&](double part, std::string_view) {
      parts.push_back(part);
      return true;
    }));
    return parts;
  };
  const auto sleeping = parts_of([&](const Progress& progress) {
    stages::sleep(trained_, &many, {.parameters = small_sleep()}, {.progress = progress});
  });
  const auto judging = parts_of([&](const Progress& progress) {
    const stages::Guard guard{.mode = stages::GuardMode::holdout, .holdout = &data_};
    stages::judge(trained_, many, small_sleep(), guard, {.progress = progress});
  });
  for (const auto& parts : {sleeping, judging}) {
    EXPECT_GT(parts.size(), 10U);
    EXPECT_TRUE(std::is_sorted(parts.begin(), parts.end()));
    EXPECT_LE(parts.back(), 1.0);
  }
}

TEST_F(StagesTest, NewOutputsOnOldHiddenLayers) {
  stages::train(trained_, data_);
  const TrainedNetwork begun = stages::begin_with(trained_, small_recipe(), 7);
  EXPECT_EQ(begun.network.layers[0].weights, trained_.network.layers[0].weights);
  EXPECT_EQ(begun.network.outputs(), 7U);
  ASSERT_EQ(begun.recipe.history.size(), 1U);
  EXPECT_EQ(to_json(std::get<PretrainedStage>(begun.recipe.history[0].what).history),
            to_json(trained_.recipe.history));
  Recipe modern = small_recipe();
  modern.training = modern_protocol();
  EXPECT_THROW(stages::begin_with(trained_, modern, 7), InputError);
}

TEST_F(StagesTest, GivenSpikesAndGainsNeedNoData) {
  const std::vector<std::uint8_t> spikes(50 * 64, 1);
  const auto parameters = parse_sleep_parameters(
      "steps = 50\nthreshold = [1, 1, 1]\nalpha = [1, 1, 1]\nincrement = 0.001\n", "test");
  const stages::SleepRequest request{
      .parameters = parameters, .spikes = given_spikes(spikes, 64), .spikes_name = "all.npy"};
  const auto slept = stages::sleep(trained_, nullptr, request);
  EXPECT_EQ(slept.report.steps, 50U);
  EXPECT_FALSE(slept.accuracy_before.has_value());
  EXPECT_EQ(std::get<SleptStage>(trained_.recipe.history[0].what).input_spikes, "all.npy");
  EXPECT_THROW(stages::sleep(trained_, nullptr, {.parameters = parameters}), InputError);
}

TEST_F(StagesTest, TheGuardNeedsNetworksLikeThisOne) {
  stages::train(trained_, data_);
  const stages::Guard guard{.mode = stages::GuardMode::folds, .folds = 3};
  const Verdict verdict = stages::judge(trained_, data_, small_sleep(), guard, {.threads = 2});
  EXPECT_EQ(verdict.samples, data_.size());
  stages::wake(trained_, data_);
  try {
    stages::judge(trained_, data_, small_sleep(), guard);
    FAIL() << "a network that was changed has no judges";
  } catch (const JudgesError& error) {
    EXPECT_EQ(error.reason(), NoJudges::changed);
    EXPECT_EQ(error.stage(), "wake");
  }
  const Dataset holdout = test::toy_data(60, 8, 8, 4, 2);
  const stages::Guard by_holdout{.mode = stages::GuardMode::holdout, .holdout = &holdout};
  EXPECT_EQ(stages::judge(trained_, data_, small_sleep(), by_holdout).samples, 60U);
}

TEST_F(StagesTest, TheGuardStopsWhileItJudges) {
  stages::train(trained_, data_);
  SleepParameters endless = small_sleep();
  endless.steps = 1'000'000'000;
  const Progress progress([](double part, std::string_view) { return part < 0.9; });
  const stages::Guard guard{.mode = stages::GuardMode::folds, .folds = 2};
  EXPECT_THROW(stages::judge(trained_, data_, endless, guard, {.progress = progress}), Stopped);
}

TEST(TestData, IsNothingWhereThereIsNoneAndAnErrorWhereItIsDamaged) {
  const test::TemporaryFolder folder;
  Recipe recipe;
  EXPECT_FALSE(stages::test_data(recipe).has_value());
  recipe.data = (folder / "nowhere").string();
  EXPECT_FALSE(stages::test_data(recipe).has_value());
  recipe.data = folder.path().string();
  EXPECT_FALSE(stages::test_data(recipe).has_value());
  test::write_text(folder / "test-images.npy", "damaged");
  test::write_text(folder / "test-labels.npy", "damaged");
  EXPECT_THROW(stages::test_data(recipe), FileError);
}

TEST(LeftOut, IsTheRest) {
  const Dataset data = test::toy_data(40, 2, 2, 4, 1);
  const Subset subset{.fraction = 0.25, .seed = 1};
  EXPECT_EQ(stages::left_out(subset, data).size(), 30U);
  EXPECT_THROW(stages::left_out({.fraction = 1, .seed = 1}, data), InputError);
}

}  // namespace
}  // namespace hypnos
