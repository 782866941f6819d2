#include "hypnos/judges.hpp"

#include <gtest/gtest.h>

#include "support/networks.hpp"

namespace hypnos {
namespace {

struct Trained {
  Dataset data = test::toy_data(60, 6, 6, 3, 1);
  std::vector<Trainee> trainees = leave_out_folds(data, 2, 1);
  Network network = test::random_network(std::vector<std::size_t>{36, 10, 3}, -0.1F, 0.1F, 1);
  Recipe recipe;

  Trained() {
    recipe.training = modern_protocol();
    recipe.training->epochs = 2;
  }
  // Why no networks can be trained like this one.
  NoJudges reason() {
    try {
      train_like(network, recipe, trainees);
    } catch (const JudgesError& error) {
      return error.reason();
    }
    ADD_FAILURE() << "they were trained";
    return {};
  }
};

TEST(Judges, HaveTheShapeOfTheNetworkAndTheTrainingOfItsRecipe) {
  Trained trained;
  const auto judges = train_like(trained.network, trained.recipe, trained.trainees);
  ASSERT_EQ(judges.size(), 2U);
  ASSERT_EQ(judges[0].sleeper.network.layers.size(), 2U);
  EXPECT_EQ(judges[0].sleeper.network.layers[0].outputs, 10U);
  const auto same = train_subjects(trained.trainees, std::vector<std::size_t>{36, 10, 3},
                                   *trained.recipe.training);
  EXPECT_EQ(judges[1].sleeper.network.layers[0].weights, same[1].sleeper.network.layers[0].weights);
  const auto longer = train_like(trained.network, trained.recipe, trained.trainees, {}, 3);
  EXPECT_NE(judges[1].sleeper.network.layers[0].weights,
            longer[1].sleeper.network.layers[0].weights);
}

TEST(Judges, GetAsManyUpdatesAsTheNetworkHad) {
  Trained trained;
  trained.recipe.history.push_back({TrainedStage{.epochs = 2, .updates = 7}});
  const auto judges = train_like(trained.network, trained.recipe, trained.trainees);
  TrainingOptions by_updates = *trained.recipe.training;
  end_after_updates(by_updates, 7);
  const auto expected =
      train_subjects(trained.trainees, std::vector<std::size_t>{36, 10, 3}, by_updates);
  const auto fewer = train_subjects(trained.trainees, std::vector<std::size_t>{36, 10, 3},
                                    *trained.recipe.training);
  EXPECT_EQ(judges[0].sleeper.network.layers[0].weights,
            expected[0].sleeper.network.layers[0].weights);
  EXPECT_NE(judges[0].sleeper.network.layers[0].weights,
            fewer[0].sleeper.network.layers[0].weights);
}

TEST(Judges, NeedARecipeThatSaysHow) {
  Trained trained;
  trained.recipe.training.reset();
  EXPECT_EQ(trained.reason(), NoJudges::unknown_training);
}

TEST(Judges, AreNotLikeANetworkThatWasChanged) {
  Trained trained;
  trained.recipe.history.push_back({SleptStage{.steps = 10, .seed = 1}});
  EXPECT_EQ(trained.reason(), NoJudges::changed);
  try {
    train_like(trained.network, trained.recipe, trained.trainees);
  } catch (const JudgesError& error) {
    EXPECT_EQ(error.stage(), "sleep");
  }
}

TEST(Judges, AreTrainedForASleepThatWasRefused) {
  Trained trained;
  trained.recipe.history.push_back({SleptStage{.steps = 0, .seed = 1}});
  EXPECT_EQ(train_like(trained.network, trained.recipe, trained.trainees).size(), 2U);
}

}  // namespace
}  // namespace hypnos
