#include "hypnos/recipe.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {
namespace {

Model small_model() {
  const std::size_t sizes[] = {3, 2};
  return make_model(test::random_network(sizes, -1, 1, 1));
}

Recipe full_recipe() {
  const GuardNote guard{.helps = true,
                        .steps = 40,
                        .before = 0.5,
                        .after = 0.625,
                        .low = 0.0625,
                        .high = 0.25,
                        .samples = 80};
  Recipe recipe{.data = "mnist",
                .reading = {.layout = Layout::channels_first,
                            .scale = ValueScale::as_is,
                            .first_label = 1,
                            .normalization = {.means = {0.1307}, .deviations = {0.3081}}},
                .record = DataRecord{.samples = 60000,
                                     .shape = {28, 28},
                                     .sha256 = "abc",
                                     .subset_samples = 6000,
                                     .subset_sha256 = "def"},
                .subset = {.fraction = 0.1, .keep = {{3, 0.5}}, .seed = 7},
                .seed = 9,
                .training = modern_protocol()};
  PretrainedStage pretrained;
  pretrained.data = "fashion-mnist";
  pretrained.subset = {.per_class = 12, .seed = 2};
  pretrained.history.push_back({TrainedStage{.epochs = 2, .seed = 4, .loss = 0.25}});
  recipe.history.push_back({pretrained});
  recipe.history.push_back({TrainedStage{.epochs = 5, .seed = 10, .loss = 0.125, .updates = 17}});
  recipe.history.push_back(
      {SleptStage{.steps = 40, .seed = 9, .parameters = "steps = 40\n", .guard = guard}});
  recipe.history.push_back({SleptStage{.steps = 3, .seed = 9, .input_spikes = "spikes.npy"}});
  recipe.history.push_back({WokenStage{.gain = 2.5}});
  recipe.history.push_back({TrainedStage{
      .epochs = 0, .seed = 14, .further = true, .training = finetuning_after(modern_protocol())}});
  return recipe;
}

TEST(Recipe, IsReadAsItWasWritten) {
  Model model = small_model();
  EXPECT_TRUE(read_recipe(model, "m").history.empty()) << "made by others";
  const Recipe recipe = full_recipe();
  write_recipe(model, recipe);
  const Recipe read = read_recipe(model, "m");
  EXPECT_EQ(read.data, recipe.data);
  EXPECT_EQ(read.reading, recipe.reading);
  EXPECT_EQ(read.record, recipe.record);
  EXPECT_EQ(read.subset, recipe.subset);
  EXPECT_EQ(read.seed, recipe.seed);
  ASSERT_TRUE(read.training.has_value());
  EXPECT_EQ(to_json(*read.training), to_json(*recipe.training));
  EXPECT_EQ(to_json(read.history), to_json(recipe.history));
  EXPECT_EQ(to_json(recipe.history).size(), 6U);
}

TEST(Recipe, FurtherTrainingDrawsAnew) {
  Recipe recipe{.seed = 9};
  EXPECT_EQ(next_seed(recipe), 9U);
  recipe.history.push_back({TrainedStage{}});
  EXPECT_EQ(next_seed(recipe), 10U);
}

TEST(Recipe, TellsWhatChangedTheNetwork) {
  Recipe recipe;
  EXPECT_EQ(changed_by(recipe), "");
  recipe.history.push_back({PretrainedStage{}});
  recipe.history.push_back({TrainedStage{}});
  EXPECT_EQ(changed_by(recipe), "");
  EXPECT_TRUE(was_pretrained(recipe));
  recipe.history.clear();
  recipe.history.push_back({TrainedStage{}});
  recipe.history.push_back({SleptStage{.steps = 0}});
  EXPECT_EQ(changed_by(recipe), "") << "the guard did not let it sleep";
  EXPECT_FALSE(was_pretrained(recipe));
  recipe.history.push_back({WokenStage{}});
  EXPECT_EQ(changed_by(recipe), "wake");
  recipe.history.clear();
  recipe.history.push_back({TrainedStage{}});
  recipe.history.push_back({TrainedStage{.further = true}});
  recipe.history.push_back({SleptStage{.steps = 5}});
  EXPECT_EQ(changed_by(recipe), "finetune");
}

TEST(Recipe, DamageIsNamed) {
  Model model = small_model();
  const auto message = [&](const std::string& text) {
    model.metadata["hypnos.recipe"] = text;
    return test::message_of<FileError>([&] { read_recipe(model, "m"); });
  };
  EXPECT_EQ(message(R"({"data": "x", "subset": {"seed": 1}, "seed": 1, "history": {}})"),
            "m: metadata hypnos.recipe is damaged: history is not a list");
  EXPECT_EQ(message(R"({"data": "x", "subset": {"seed": 1}, "seed": 1,
                        "history": [{"stage": "dream"}]})"),
            "m: metadata hypnos.recipe is damaged: stage \"dream\" is not known");
  EXPECT_EQ(message(R"({"data": "x", "subset": {"seed": 1}, "seed": -1, "history": []})"),
            "m: metadata hypnos.recipe is damaged: -1 is not a whole number");
  EXPECT_EQ(message(R"({"data": "x", "subset": {"seed": 1}, "seed": 1, "history": [],
                        "training": {"output": "relu"}})"),
            "m: metadata hypnos.recipe is damaged: training has no dropout_form");
  EXPECT_EQ(
      message(R"({"data": "x", "subset": {"seed": 1}, "seed": 1, "history": [],
                        "training": {"warmup": 5}})"),
      "m: metadata hypnos.recipe is damaged: training has the option \"warmup\", which is not "
      "known");
  std::string nested = R"([])";
  for (int depth = 0; depth < 40; ++depth) {
    nested =
        R"([{"stage": "pretrain", "data": "x", "subset": {"seed": 1}, "history": )" + nested + "}]";
  }
  EXPECT_EQ(
      message(R"({"data": "x", "subset": {"seed": 1}, "seed": 1, "history": )" + nested + "}"),
      "m: metadata hypnos.recipe is damaged: history is too deep");
}

}  // namespace
}  // namespace hypnos
