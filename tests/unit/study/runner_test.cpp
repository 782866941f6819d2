#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/claim.hpp"
#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "hypnos/study.hpp"
#include "plan/trial_training.hpp"
#include "study/network_cache.hpp"
#include "study/run_sequence.hpp"
#include "support/files.hpp"
#include "unit/study/small_study.hpp"

namespace hypnos {
namespace {

class RunnerTest : public test::SmallStudy {
 protected:
  // Everything but times.
  std::vector<std::string> results(const std::string& name) {
    std::vector<std::string> all;
    const Database database(folder_ / name, Database::Access::read);
    for (const StoredTrial& t : database.trials()) {
      std::string text = t.id + text_of(t.configuration) + t.outcome.failure;
      for (const Measurement& m : t.outcome.measurements) {
        text += m.moment + text_of(Json(m.metrics.confusion.counts));
      }
      for (const Fitted& f : t.outcome.fitted) text += f.name + text_of(Json(f.value));
      const SleepOutcome sleep = t.outcome.sleep.value_or(SleepOutcome());
      for (const LayerWeights& w : sleep.weights) {
        text += text_of(Json({w.after.mean, w.change.strengthened}));
        text += text_of({w.histogram_before.counts, w.histogram_after.counts});
      }
      for (const LayerResponses& r : sleep.responses) text += text_of(Json(r.after.correlations));
      all.push_back(text + text_of(Json(t.outcome.waking_factor.value_or(0))));
    }
    return all;
  }
};

TEST_F(RunnerTest, ResultsDoNotDependOnTheNumberOfJobs) {
  const RunStatus status = run(plan(), "one", 1);
  EXPECT_EQ(status.trials, 6U);
  EXPECT_EQ(status.done, 6U);
  EXPECT_EQ(status.finished, 6U);
  run(plan(), "three", 3);
  EXPECT_EQ(results("one").size(), 6U);
  EXPECT_EQ(results("one"), results("three"));
}

// On another machine it may fit.
TEST_F(RunnerTest, WhatDoesNotFitIntoMemoryIsNoResult) {
  const Plan large = plan({"hidden=[4000000000]", "seeds=1", "per_class=5"});
  EXPECT_THROW(run(large, "r", 1), MemoryError);
  EXPECT_TRUE(results("r").empty());
  const Plan mixed = plan({"hidden=[[4000000000], [8]]", "seeds=2", "per_class=5"});
  EXPECT_THROW(run(mixed, "r", 1), MemoryError);
  EXPECT_EQ(results("r").size(), 2U) << "the others are done";
  const Plan sequence = sequences({"hidden=[4000000000]", "seeds=1"});
  EXPECT_THROW(run(sequence, "s", 1), MemoryError);
}

TEST_F(RunnerTest, DoesOnlyWhatIsMissing) {
  run(plan({"per_class=5"}), "r", 2);
  const RunStatus status = run(plan(), "r", 2);
  EXPECT_EQ(status.finished, 3U);
  EXPECT_EQ(status.done, 6U);
  EXPECT_EQ(run(plan(), "r", 2).finished, 0U);
}

TEST_F(RunnerTest, AStudyOfSleepDoesNotTrainAgain) {
  run(plan(), "r", 2);
  const auto networks = [&] {
    return std::distance(std::filesystem::directory_iterator(folder_ / "r.cache"), {});
  };
  const auto before = networks();
  run(plan({"sleep_parameters.steps=300"}), "r", 2);
  EXPECT_EQ(networks(), before);
  const Database database(folder_ / "r", Database::Access::read);
  std::size_t trained = 0;
  for (const StoredTrial& trial : database.trials()) {
    for (const Duration& d : trial.outcome.durations) trained += d.what == "train" ? 1 : 0;
  }
  EXPECT_EQ(trained, 6U);
}

TEST_F(RunnerTest, StopsWhenAskedAndKeepsWholeTrials) {
  const Progress two_trials([](double, std::string_view note) { return note < "2 of 1000"; });
  try {
    run(plan({"seeds=500"}), "r", 2, two_trials);
    ADD_FAILURE() << "it was not stopped";
  } catch (const RunStopped& stopped) {
    EXPECT_GE(stopped.so_far.done, 2U);
    EXPECT_LT(stopped.so_far.done, stopped.so_far.trials);
    EXPECT_EQ(results("r").size(), stopped.so_far.done);
  }
  EXPECT_THROW(run(plan({"seeds=500"}), "r", 2, two_trials), Stopped) << "as any other work";
}

TEST_F(RunnerTest, TellsHowFarTheStudyIs) {
  std::vector<double> parts;
  std::string last;
  run(plan(), "r", 2, Progress([&](double part, std::string_view note) {
        parts.push_back(part);
        last = note;
        return true;
      }));
  EXPECT_GE(parts.size(), 6U);
  EXPECT_GE(*std::min_element(parts.begin(), parts.end()), 0);
  EXPECT_DOUBLE_EQ(*std::max_element(parts.begin(), parts.end()), 1);
  EXPECT_EQ(last, "6 of 6 trials");
}

TEST_F(RunnerTest, WaitingForOthersCanBeStopped) {
  const Plan one = plan({"seeds=1", "per_class=5"});
  const auto somebody_else = Claim::take(folder_ / "r.lock", id_of(one.trials.at(0)));
  ASSERT_TRUE(somebody_else);
  int told = 0;
  EXPECT_THROW(run(one, "r", 1, Progress([&](double, std::string_view) { return ++told < 3; })),
               RunStopped);
  EXPECT_EQ(told, 3);
}

TEST_F(RunnerTest, WaitingForANetworkCanBeStopped) {
  const Plan one = plan({"seeds=1", "per_class=5"});
  std::filesystem::create_directory(folder_ / "r.cache");
  const auto somebody_else = Claim::take(folder_ / "r.cache/lock", network_id_of(one.trials.at(0)));
  ASSERT_TRUE(somebody_else);
  int told = 0;
  EXPECT_THROW(run(one, "r", 1, Progress([&](double, std::string_view) { return ++told < 3; })),
               RunStopped);
  EXPECT_TRUE(results("r").empty());
}

TEST_F(RunnerTest, LooksAtWeightsAndResponses) {
  run(plan({"seeds=1", "per_class=10"}), "r", 1);
  const Database database(folder_ / "r", Database::Access::read);
  const SleepOutcome sleep = database.trials().at(0).outcome.sleep.value();
  ASSERT_EQ(sleep.responses.size(), 2U);
  EXPECT_EQ(sleep.responses[0].before.units, 8U);
  EXPECT_EQ(sleep.responses[1].after.correlations.size(), 9U);
  EXPECT_GT(sleep.responses[0].before.active, 0);
  std::size_t before = 0;
  std::size_t after = 0;
  for (const std::size_t count : sleep.weights[0].histogram_before.counts) before += count;
  for (const std::size_t count : sleep.weights[0].histogram_after.counts) after += count;
  EXPECT_EQ(before, 25U * 8);
  EXPECT_EQ(after, 25U * 8);
}

TEST_F(RunnerTest, MethodsInClosedFormHaveOneMoment) {
  const std::string methods = "method=['neural-tangent-kernel', 'nearest-neighbor']";
  EXPECT_EQ(run(plan({methods, "seeds=2"}), "one", 1).finished, 8U);
  run(plan({methods, "seeds=2"}), "two", 2);
  EXPECT_EQ(results("one"), results("two"));
  const Database database(folder_ / "one", Database::Access::read);
  for (const StoredTrial& trial : database.trials()) {
    const Outcome& outcome = trial.outcome;
    EXPECT_EQ(outcome.failure, "");
    ASSERT_NE(outcome.metrics_at(before_sleep), nullptr);
    EXPECT_GT(outcome.metrics_at(before_sleep)->accuracy, 0.9);
    EXPECT_EQ(outcome.measurements.size(), 1U);
    EXPECT_EQ(outcome.fitted.size(), 2U);
    EXPECT_FALSE(outcome.sleep);
  }
}

TEST_F(RunnerTest, PretrainingIsDoneOnceForAllThatBeginWithIt) {
  std::filesystem::copy(folder_ / "data", folder_ / "other");
  const std::string other = (folder_ / "other").string();
  const std::vector<std::string> settings = {"pretrain=" + other, "pretrain_epochs=3", "seeds=2"};
  run(plan(settings), "one", 1);
  run(plan(settings), "two", 2);
  EXPECT_EQ(results("one"), results("two"));
  run(plan({"seeds=2"}), "without", 1);
  EXPECT_NE(results("one"), results("without"));
  const Database database(folder_ / "two", Database::Access::read);
  std::size_t pretrained = 0;
  for (const StoredTrial& trial : database.trials()) {
    for (const Duration& d : trial.outcome.durations) pretrained += d.what == "pretrain" ? 1 : 0;
  }
  EXPECT_EQ(pretrained, 2U) << "once for each seed";
  // As step by step: pre-train, renew the outputs, train.
  const Trial trial = plan(settings).trials[1];
  const NetworkCache cache(folder_ / "one.cache");
  const Network first = read_model(cache.file_of(pretraining_trial(trial))).network;
  Model model = read_model(cache.file_of(trial));
  const Recipe recipe = read_recipe(model, "cache");
  ASSERT_EQ(recipe.history.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<PretrainedStage>(recipe.history[0].what));
  EXPECT_TRUE(was_pretrained(recipe));
  Network network = first;
  const std::uint64_t seed = std::get<TrainedStage>(recipe.history[1].what).seed;
  EXPECT_EQ(seed, trial.seed + 1);
  renew_output(network, 3, trial.training, seed);
  const Dataset& all = data_.get(trial.data).train;
  train(network, select(all, draw(trial.subset, all)), trial.training, seed);
  EXPECT_EQ(network.layers[0].weights, model.network.layers[0].weights);
  EXPECT_EQ(network.layers[1].weights, model.network.layers[1].weights);
}

TEST_F(RunnerTest, AugmentationOfImagesThatAreNotSquareEndsTheRun) {
  const Dataset data = test::toy_data(60, 5, 5, 3, 1);
  test::write_npy(folder_ / "data/train-images.npy", "<f4", "(60, 25)", data.images.data(), 6000);
  test::write_npy(folder_ / "data/test-images.npy", "<f4", "(60, 25)", data.images.data(), 6000);
  EXPECT_THROW(run(plan({"augment_shift=1", "stages=[]"}), "r", 1), ParameterError);
}

TEST_F(RunnerTest, AStageThatCannotBeDoneIsAResult) {
  // Training on diverges.
  const Plan diverges = plan({"finetune_learning_rate=1e28", "finetune_epochs=3", "seeds=1"});
  EXPECT_EQ(run(diverges, "r", 1).failed, 2U);
  const RunStatus again = run(diverges, "r", 1);
  EXPECT_EQ(again.finished, 0U);
  EXPECT_EQ(again.failed, 2U);  // which a call that has nothing left to do says as well
  const Database database(folder_ / "r", Database::Access::read);
  const Outcome outcome = database.trials().at(0).outcome;
  EXPECT_NE(outcome.failure.find("training diverged"), std::string::npos) << outcome.failure;
  EXPECT_NE(outcome.metrics_at(after_sleep), nullptr);
  EXPECT_EQ(outcome.metrics_at(after_finetuning), nullptr);
  EXPECT_EQ(outcome.metrics_at(control), nullptr);
}

TEST_F(RunnerTest, WhatIsWrongWithThePlanEndsTheRun) {
  EXPECT_THROW(run(plan({"per_class=1000"}), "r", 2), ParameterError);
  EXPECT_TRUE(results("r").empty());
}

TEST_F(RunnerTest, DataOfAFolderAreKnownByTheirContent) {
  const std::string before = id_of(plan().trials[0]);
  std::filesystem::copy_file(folder_ / "data/test-labels.npy", folder_ / "data/old");
  const std::vector<std::uint32_t> labels(60, 1);
  test::write_npy(folder_ / "data/test-labels.npy", "<u4", "(60,)", labels.data(), 240);
  DataSets fresh;
  const Plan changed = read_plan(folder_ / "plan.toml", {}, test::parameters, fresh);
  EXPECT_NE(id_of(changed.trials[0]), before);
}

using SequenceRunnerTest = RunnerTest;

TEST_F(SequenceRunnerTest, KeepsTheAccuraciesOfAllTasks) {
  const RunStatus status = run(sequences(), "s.sqlite", 1);
  EXPECT_EQ(status.failed, 0U);
  const Database database(folder_ / "s.sqlite", Database::Access::read);
  for (const StoredTrial& trial : database.trials()) {
    const std::string learner = trial.configuration.at("sequence").at("learner");
    ASSERT_TRUE(trial.outcome.sequence) << learner;
    const SequenceOutcome& sequence = *trial.outcome.sequence;
    ASSERT_EQ(sequence.rows.size(), learner == "joint" ? 1U : 3U);
    const bool asleep = learner == "sleep" || learner == "icarl-sleep";
    EXPECT_EQ(sequence.rows.back().slept.size(), asleep ? 3U : 0U);
    EXPECT_EQ(trial.outcome.sleep.has_value(), asleep);
    EXPECT_EQ(trial.outcome.samples, learner == "joint" ? 60U : 54U);
    // Each class has as many test samples.
    const Metrics* metrics = trial.outcome.metrics_at(asleep ? after_sleep : before_sleep);
    ASSERT_NE(metrics, nullptr);
    EXPECT_NEAR(metrics->balanced_accuracy, measures_of(sequence.rows).mean_accuracy, 1e-9);
  }
}

TEST_F(SequenceRunnerTest, GoesOnBetweenTasksAsIfItHadNotStopped) {
  const NetworkCache whole(folder_ / "whole");
  const NetworkCache parts(folder_ / "parts");
  for (const Trial& trial : sequences({"seeds=1"}).trials) {
    const Outcome expected = run_sequence(trial, data_, whole);
    // Stopped again and again, a little later each time.
    std::optional<Outcome> found;
    int stops = 0;
    for (int later = 0; !found; ++later) {
      int told = 0;
      try {
        found =
            run_sequence(trial, data_, parts,
                         Progress([&](double, std::string_view) { return ++told < 40 * later; }));
      } catch (const Stopped&) {
        ++stops;
      }
    }
    EXPECT_GE(stops, trial.sequence->learner == Learner::nearest_class_mean ? 1 : 3);
    EXPECT_EQ(found->sequence->rows, expected.sequence->rows);
    EXPECT_EQ(found->waking_factor, expected.waking_factor);
    for (const Measurement& measurement : expected.measurements) {
      EXPECT_EQ(found->measurement_at(measurement.moment)->network_sha256,
                measurement.network_sha256);
    }
    EXPECT_EQ(found->measurements.back().metrics.confusion.counts,
              expected.measurements.back().metrics.confusion.counts);
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "parts")) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name == "lock" || name.ends_with(".first")) << name;
  }
}

TEST_F(SequenceRunnerTest, NetworksBeforeTheFirstSleepAreShared) {
  run(sequences({"against=['sequential']", "seeds=1"}), "s.sqlite", 1);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "s.sqlite.cache")) {
    EXPECT_NE(entry.path().extension(), ".sequence") << "states of trials that are done are gone";
    files += entry.path().extension() == ".first" ? 1 : 0;
  }
  EXPECT_EQ(files, 1U) << "of four trials";
}

// A sequential trial may be all that the network after the first task depends on.
TEST_F(SequenceRunnerTest, NoneBeginsWhereAnotherWasStopped) {
  const NetworkCache whole(folder_ / "whole");
  const std::vector<Trial> trials =
      sequences({"against=['sequential', 'lwf']", "memory=0", "seeds=1"}).trials;
  const auto sequential = std::find_if(trials.begin(), trials.end(), [](const Trial& trial) {
    return trial.sequence->learner == Learner::sequential;
  });
  ASSERT_NE(sequential, trials.end());
  int stops = 0;
  for (int later = 1;; ++later) {  // stopped a little later each time
    const NetworkCache stopped(folder_ / fmt::format("stopped{}", later));
    int told = 0;
    try {
      run_sequence(*sequential, data_, stopped,
                   Progress([&](double, std::string_view) { return ++told < 40 * later; }));
      break;
    } catch (const Stopped&) {
      ++stops;
    }
    for (const Trial& trial : trials) {
      const Outcome found = run_sequence(trial, data_, stopped, {});
      const Outcome expected = run_sequence(trial, data_, whole, {});
      EXPECT_EQ(found.sequence->rows, expected.sequence->rows);
      EXPECT_EQ(found.measurements.back().network_sha256,
                expected.measurements.back().network_sha256);
    }
  }
  EXPECT_GE(stops, 3);
}

}  // namespace
}  // namespace hypnos
