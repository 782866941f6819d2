#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "hypnos/input_gains.hpp"
#include "hypnos/sequence.hpp"
#include "hypnos/sequence_tuning.hpp"
#include "hypnos/stimulus.hpp"
#include "hypnos/wake.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"
#include "tasks/importance.hpp"

namespace hypnos {
namespace {

class LearnSequenceTest : public testing::Test {
 protected:
  LearnSequenceTest() {
    sequence_.options.division = "pairs";
    sequence_.options.samples = 40;
    sequence_.options.learner = Learner::sequential;
    sequence_.training = authors_protocol();
    sequence_.training.initial_range = 0.3;
    sequence_.training.learning_rate = 0.1;
    sequence_.training.batch_size = 10;
    end_after_epochs(sequence_.training, 100);
    sequence_.hidden = {20};
    sequence_.parameters = parse_sleep_parameters(
        "steps = 100\ngrowth = 0.5\nmax_rate = 300\npatch = 0\nincrement = 0.001\n"
        "decrement = 0.0002\nthreshold = [0.5, 0.5]\nalpha_scale = 3",
        "test");
    sequence_.seed = 5;
  }

  SequenceReport learn(const SequenceObserver& observer = {}, const SequenceState* from = nullptr) {
    return learn_sequence(sequence_, train_, test_, observer, from);
  }
  Dataset task(std::size_t number) {
    return select(train_, divide_tasks(sequence_.options, train_, 5)[number].training);
  }
  Network begin() {
    const std::size_t sizes[] = {25, 20, 4};
    return make_network(sizes, sequence_.training, 5);
  }

  Dataset train_ = test::toy_data(200, 5, 5, 4, 1);
  Dataset test_ = test::toy_data(200, 5, 5, 4, 1);
  Sequence sequence_;
};

TEST_F(LearnSequenceTest, IsOneTrainingAfterTheOther) {
  Network network = begin();
  OptimizerState optimizer;
  hypnos::train(network, task(0), sequence_.training, 5, {.optimizer = &optimizer});
  hypnos::train(network, task(1), sequence_.training, 6, {.optimizer = &optimizer});
  const SequenceReport report = learn();
  EXPECT_EQ(report.state.trained.network.layers[0].weights, network.layers[0].weights);
  EXPECT_EQ(report.state.trained.network.layers[1].weights, network.layers[1].weights);
  const auto answers = predict(network, test_).answers;
  EXPECT_EQ(report.metrics.accuracy, measure(test_.labels, answers, 4).accuracy);
  ASSERT_EQ(report.state.rows.size(), 2U);
  EXPECT_GT(report.state.rows[0].before[0], 0.9);
  EXPECT_GT(report.state.rows[1].before[1], 0.9);
  EXPECT_LE(report.state.rows[1].before[0], 0.5) << "what toy networks forget";
  EXPECT_EQ(report.stored, 0U);
  sequence_.options.carry_momentum = false;
  EXPECT_NE(learn().state.trained.network.layers[0].weights, network.layers[0].weights);
}

TEST_F(LearnSequenceTest, SleepsAndWakesAfterEachTask) {
  sequence_.options.learner = Learner::sleep;
  sequence_.options.calibration = Calibration::running;
  Network network = begin();
  OptimizerState optimizer;
  for (std::size_t t = 0; t < 2; ++t) {
    const Dataset now = task(t);
    hypnos::train(network, now, sequence_.training, 5 + 3 * t, {.optimizer = &optimizer});
    SleepParameters parameters = sequence_.parameters;
    parameters.steps = t == 0 ? 100 : 150;
    Dataset seen = task(0);
    if (t == 1) {
      seen.images.insert(seen.images.end(), now.images.begin(), now.images.end());
      seen.labels.insert(seen.labels.end(), now.labels.begin(), now.labels.end());
    }
    const auto maxima = predict(network, now).maxima;
    sleep(network, parameters, input_gains(parameters, network, maxima),
          noise_patches(mean_image(seen), train_.shape, parameters, 5 + 1'000'000 * (t + 1)));
    const auto outputs = predict(network, now).outputs;
    rescale(network, waking_factor(network.output, outputs, now.labels, 4));
    optimizer = {};
  }
  std::vector<std::uint64_t> steps;
  const SequenceReport report =
      learn({.slept = [&](const SequenceSleep& slept, const Network& before, const Network& after) {
        steps.push_back(slept.report.steps);
        EXPECT_NE(before.layers[0].weights, after.layers[0].weights);
        EXPECT_TRUE(slept.waking_factor);
      }});
  EXPECT_EQ(report.state.trained.network.layers[0].weights, network.layers[0].weights);
  EXPECT_EQ(report.state.trained.network.layers[1].weights, network.layers[1].weights);
  EXPECT_EQ(steps, (std::vector<std::uint64_t>{100, 150}));
  EXPECT_EQ(report.state.trained.recipe.history.size(), 6U);
  EXPECT_TRUE(report.before);
  EXPECT_FALSE(report.state.rows[0].slept.empty());
  EXPECT_FALSE(report.reads_old);
}

TEST_F(LearnSequenceTest, CalibrationsReadWhatTheySay) {
  sequence_.options.learner = Learner::sleep;
  std::vector<std::vector<float>> found;
  for (const Calibration calibration :
       {Calibration::all, Calibration::running, Calibration::current, Calibration::first}) {
    sequence_.options.calibration = calibration;
    const SequenceReport report = learn();
    found.push_back(report.state.trained.network.layers[0].weights);
    EXPECT_EQ(report.reads_old,
              calibration == Calibration::all || calibration == Calibration::first);
  }
  for (std::size_t a = 0; a < found.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) EXPECT_NE(found[a], found[b]) << a << b;
  }
}

TEST_F(LearnSequenceTest, SleepsOnceAtTheEnd) {
  sequence_.options.learner = Learner::sleep;
  sequence_.options.sleep_when = SleepWhen::end;
  std::vector<std::uint64_t> steps;
  const SequenceReport report =
      learn({.slept = [&](const SequenceSleep& slept, const Network&, const Network&) {
        steps.push_back(slept.report.steps);
      }});
  EXPECT_EQ(steps, std::vector<std::uint64_t>{150}) << "as long as the sleep after the last task";
  EXPECT_TRUE(report.state.rows[0].slept.empty());
  EXPECT_FALSE(report.state.rows[1].slept.empty());
}

TEST_F(LearnSequenceTest, GoesOnFromAnyStateAsIfItHadNotStopped) {
  for (const Learner learner : {Learner::sleep, Learner::ewc, Learner::lwf, Learner::averaging,
                                Learner::icarl_sleep, Learner::waking}) {
    sequence_.options.learner = learner;
    sequence_.options.memory = has_memory(learner) ? 20 : 0;
    std::vector<SequenceState> states;
    const SequenceReport whole = learn({.step = [&](const SequenceState& state) {
      states.push_back(state);
      return true;
    }});
    for (const SequenceState& state : states) {
      const SequenceReport rest = learn({}, &state);
      EXPECT_EQ(rest.state.trained.network.layers[0].weights,
                whole.state.trained.network.layers[0].weights)
          << name_of(learner);
      EXPECT_EQ(rest.state.rows, whole.state.rows);
      EXPECT_EQ(rest.metrics.accuracy, whole.metrics.accuracy);
      EXPECT_EQ(rest.state.trained.recipe.history.size(),
                whole.state.trained.recipe.history.size());
    }
  }
}

TEST_F(LearnSequenceTest, RefusesStatesOfOtherSequences) {
  sequence_.options.learner = Learner::icarl;
  sequence_.options.memory = 20;
  SequenceState good;
  learn({.step = [&](const SequenceState& state) {
    good = state;
    return false;
  }});
  const auto error = [&](const SequenceState& state) {
    return test::message_of<InputError>([&] { learn({}, &state); });
  };
  EXPECT_EQ(error(good), "no error");
  std::vector<SequenceState> wrong(4, good);
  wrong[0].learned = 3;
  wrong[1].rows.clear();
  wrong[2].rows[0].before.pop_back();
  wrong[3].exemplars[0].push_back(200);
  for (const SequenceState& state : wrong) {
    EXPECT_EQ(error(state), "the state is of another sequence");
  }
  good.trained.network = Network{.layers = {{.outputs = 4, .inputs = 2, .weights = {0}}}};
  EXPECT_NE(error(good), "no error");
}

TEST_F(LearnSequenceTest, ICarlNeedsAnImageOfEachClass) {
  sequence_.options.learner = Learner::icarl;
  sequence_.options.memory = 3;
  EXPECT_EQ(test::message_of<ParameterError>([&] { learn(); }),
            "memory: 3 images are less than one for each of 4 classes, by which icarl answers");
}

TEST_F(LearnSequenceTest, EndsWhereTheObserverSays) {
  const SequenceReport report = learn({.step = [](const SequenceState&) { return false; }});
  EXPECT_EQ(report.state.rows.size(), 1U);
  EXPECT_EQ(report.state.learned, 1U);
}

TEST_F(LearnSequenceTest, StoredImagesKeepFromForgetting) {
  const double without = learn().metrics.accuracy;
  sequence_.options.memory = 12;
  for (const Replay replay : {Replay::balanced, Replay::append}) {
    sequence_.options.replay = replay;
    const SequenceReport report = learn();
    EXPECT_GT(report.metrics.accuracy, without + 0.2) << name_of(replay);
    EXPECT_EQ(report.stored, 12U);
  }
  sequence_.options.memory = 0;
  sequence_.options.replay = Replay::released;
  sequence_.options.replay_fraction = 1;
  EXPECT_EQ(learn().stored, 100U);
}

TEST_F(LearnSequenceTest, JointTrainingForgetsNothing) {
  for (const Learner learner : {Learner::joint, Learner::joint_same}) {
    sequence_.options.learner = learner;
    const SequenceReport report = learn();
    ASSERT_EQ(report.state.rows.size(), 1U);
    EXPECT_EQ(report.state.rows[0].learned, 2U);
    EXPECT_GT(report.metrics.accuracy, 0.9);
    EXPECT_TRUE(report.reads_old);
    EXPECT_EQ(report.state.trained.recipe.history.size(), 1U);
  }
}

TEST_F(LearnSequenceTest, AveragingIsTheMeanOfNetworksFromOneBeginning) {
  sequence_.options.learner = Learner::averaging;
  Network first = begin();
  Network second = begin();
  hypnos::train(first, task(0), sequence_.training, 5);
  hypnos::train(second, task(1), sequence_.training, 6);
  const auto mean = learn().state.trained.network.layers[0].weights;
  for (std::size_t w = 0; w < mean.size(); ++w) {
    EXPECT_NEAR(mean[w], (first.layers[0].weights[w] + second.layers[0].weights[w]) / 2, 1e-6);
  }
}

TEST_F(LearnSequenceTest, ClosedFormsAnswerClassesSoFar) {
  for (const Learner learner : {Learner::nearest_class_mean, Learner::lda}) {
    sequence_.options.learner = learner;
    const SequenceReport report = learn();
    ASSERT_EQ(report.state.rows.size(), 2U);
    EXPECT_EQ(report.state.rows[0].before[1], 0);
    EXPECT_GT(report.metrics.accuracy, 0.9);
    EXPECT_EQ(report.ridge.has_value(), learner == Learner::lda);
  }
}

TEST_F(LearnSequenceTest, AStrongAnchorHoldsTheNetwork) {
  sequence_.options.learner = Learner::ewc;
  sequence_.options.ewc_strength = 0;
  const auto free = learn().state.trained.network.layers[0].weights;
  sequence_.options.learner = Learner::sequential;
  EXPECT_EQ(learn().state.trained.network.layers[0].weights, free);
  Network first = begin();
  hypnos::train(first, task(0), sequence_.training, 5);
  const std::vector<float> importance = weight_importance(first, task(0), 1000, {})[0].weights;
  const auto penalty = [&](const std::vector<float>& weights) {
    double sum = 0;
    for (std::size_t w = 0; w < weights.size(); ++w) {
      sum += double{importance[w]} *
             std::pow(double{weights[w]} - double{first.layers[0].weights[w]}, 2);
    }
    return sum;
  };
  sequence_.options.learner = Learner::ewc;
  sequence_.options.ewc_strength = 500;
  const auto held = learn().state.trained.network.layers[0].weights;
  EXPECT_LT(penalty(held), 0.5 * penalty(free));
}

TEST_F(LearnSequenceTest, LaterTasksMayHaveARateOfTheirOwn) {
  std::vector<std::vector<float>> after;
  sequence_.options.carry_momentum = false;
  sequence_.options.later_learning_rate = 1e-9;
  learn({.step = [&](const SequenceState& state) {
    after.push_back(state.trained.network.layers[0].weights);
    return true;
  }});
  ASSERT_EQ(after.size(), 2U);
  for (std::size_t w = 0; w < after[0].size(); ++w) EXPECT_NEAR(after[0][w], after[1][w], 1e-6);
  EXPECT_NE(after[0], begin().layers[0].weights);
}

TEST_F(LearnSequenceTest, CanBeStopped) {
  for (const auto& [learner, until] :
       {std::pair{Learner::sleep, 0.0}, std::pair{Learner::sleep, 0.3},
        std::pair{Learner::sleep, 0.7}, std::pair{Learner::lda, 0.5},
        std::pair{Learner::icarl, 0.5}}) {
    sequence_.options.learner = learner;
    sequence_.options.memory = is_icarl(learner) ? 20 : 0;
    const double limit = until;
    EXPECT_THROW(
        learn_sequence(
            sequence_, train_, test_, {}, nullptr,
            {.progress = Progress([&](double part, std::string_view) { return part <= limit; })}),
        Stopped);
  }
}

class TuneSequenceTest : public LearnSequenceTest {
 protected:
  TuneSequenceTest() {
    sequence_.options.learner = Learner::sleep;
    sequence_.options.division = "singles";
    sequence_.options.samples = 20;
    end_after_epochs(sequence_.training, 10);
    options_.budget = 60;
    options_.noise_seeds = 1;
    options_.base = sequence_.parameters;
    options_.start = sequence_.parameters;
    options_.space.firing = Firing::threshold;
    options_.space.max_steps = 300;
    options_.space.steps = Range{.low = 20, .high = 300};
    options_.space.growth = Range{.low = 0.1, .high = 1};
  }
  TuningResult tune(const TuningObserver& observer = {}, unsigned threads = 2) {
    return tune_sequence(sequence_, train_, {.seeds = {11, 12}, .samples = 40}, options_, observer,
                         {.threads = threads});
  }
  TuningOptions options_;
};

TEST_F(TuneSequenceTest, JudgesByWhatTheSequencesDoNotTrainOn) {
  std::vector<Candidate> tried;
  const TuningResult result =
      tune({.tried = [&](const Candidate& candidate) { tried.push_back(candidate); }});
  EXPECT_EQ(result.subject_before.size(), 2U);
  EXPECT_GE(result.parameters.growth, 0.1);
  EXPECT_GE(result.parameters.steps, 20U);
  // The start goes all the way, and of each generation of nine one; two miss a round, six two.
  ASSERT_EQ(tried.size(), 28U);
  const auto between = [&](double low, double high) {
    return std::count_if(tried.begin(), tried.end(), [&](const Candidate& candidate) {
      return candidate.scores[0] >= low && candidate.scores[0] <= high;
    });
  };
  EXPECT_EQ(between(0, 1), 1 + 3);
  EXPECT_EQ(between(-10, -9), 3 * 2);
  EXPECT_EQ(between(-20, -19), 3 * 6);
  // The score is that of the sequences themselves.
  sequence_.parameters = result.parameters;
  double mean = 0;
  for (std::size_t s = 0; s < 2; ++s) {
    EXPECT_GE(result.subject_score[s], 0);
    mean += result.subject_score[s] / 2;
  }
  EXPECT_DOUBLE_EQ(result.score, mean);
}

TEST_F(TuneSequenceTest, DoesNotDependOnTheThreads) {
  EXPECT_EQ(to_toml(tune({}, 1).parameters), to_toml(tune({}, 2).parameters));
}

TEST_F(TuneSequenceTest, GoesOnWhereItWasStopped) {
  std::vector<Candidate> tried;
  const TuningResult whole =
      tune({.tried = [&](const Candidate& candidate) { tried.push_back(candidate); }});
  const std::size_t half = tried.size() / 2;
  const TuningResult rest = tune({.known = std::span(tried).first(half)});
  EXPECT_EQ(to_toml(rest.parameters), to_toml(whole.parameters));
  EXPECT_EQ(rest.score, whole.score);
}

TEST_F(TuneSequenceTest, SearchesAroundItsStart) {
  const std::vector<double> several = {2, 0.5, 1};
  const TuningOptions wide = sequence_search(sequence_.parameters, 6400, several);
  EXPECT_EQ(wide.space.firing, Firing::threshold);
  EXPECT_EQ(wide.space.steps->high, 6400);
  EXPECT_EQ(wide.space.dose->low, 0.5);
  EXPECT_EQ(wide.space.dose->high, 2);
  EXPECT_TRUE(wide.space.growth);
  EXPECT_EQ(to_toml(*wide.start), to_toml(sequence_.parameters));
  const std::vector<double> one = {0.5};
  EXPECT_FALSE(sequence_search(sequence_.parameters, 6400, one).space.dose);
  SleepParameters by_rates = sequence_.parameters;
  by_rates.firing = TargetRates{{0.01, 0.01}};
  EXPECT_EQ(sequence_search(by_rates, 6400, one).space.firing, Firing::rate);
}

TEST_F(TuneSequenceTest, SaysWhatIsWrong) {
  const auto error = [&] { return test::message_of<InputError>([&] { tune(); }); };
  sequence_.options.samples.reset();
  EXPECT_EQ(error(),
            "tasks: train on all samples of class 0, so that none is left to judge; task_samples "
            "or task_fraction leaves some");
  sequence_.options.learner = Learner::joint;
  EXPECT_EQ(error(), "the learner of the sequence does not sleep");
}

}  // namespace
}  // namespace hypnos
