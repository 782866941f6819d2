#include "hypnos/training_options.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "hypnos/error.hpp"
#include "support/files.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {
namespace {

// Options of which each differs from its default.
TrainingOptions unusual() {
  return {.output = OutputKind::relu,
          .dropout_form = DropoutForm::classical,
          .biases = false,
          .initial_range = 0.03,
          .optimizer = Optimizer::adam,
          .learning_rate = 0.007,
          .schedule = Schedule::cosine,
          .momentum = 0.3,
          .batch_size = 17,
          .dropout = 0.1,
          .epochs = 3,
          .updates = 5,
          .weight_decay = 0.02,
          .balance = ClassBalance::oversampling,
          .augmentation = {.shift = 1.5,
                           .rotation = 20,
                           .distortions = read_distortions("clean,blur=2")},
          .average = 0.25};
}

TEST(TrainingOptionTable, HasEveryOptionOnce) {
  const TrainingOptions defaults;
  const TrainingOptions other = unusual();
  std::set<std::string_view> names;
  for (const TrainingOption& option : training_options()) {
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_NE(option.get(defaults), option.get(other)) << option.name;
    EXPECT_FALSE(option.help.empty()) << option.name;
    EXPECT_EQ(find_training_option(option.name), &option);
  }
  EXPECT_EQ(names.size(), 18U);
  EXPECT_EQ(find_training_option("rate"), nullptr);
}

TEST(TrainingOptionTable, SetsWhatItGets) {
  TrainingOptions copy;
  for (const TrainingOption& option : training_options()) {
    ASSERT_TRUE(option.set(copy, option.get(unusual()))) << option.name;
  }
  for (const TrainingOption& option : training_options()) {
    EXPECT_EQ(option.get(copy), option.get(unusual())) << option.name;
  }
}

TEST(TrainingOptionTable, ReadsTextsThatItWrites) {
  for (const TrainingOption& option : training_options()) {
    const OptionValue value = option.get(unusual());
    EXPECT_EQ(parse_option(option, option_text(value)), value) << option.name;
  }
}

TEST(TrainingOptionTable, RefusesWhatAnOptionDoesNotTake) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::pair<const char*, OptionValue> wrong[] = {{"output", "tanh"},
                                                       {"output", 1.0},
                                                       {"biases", 1.0},
                                                       {"biases", "true"},
                                                       {"learning_rate", 0.0},
                                                       {"learning_rate", -1.0},
                                                       {"learning_rate", infinity},
                                                       {"learning_rate", NAN},
                                                       {"learning_rate", "0.1"},
                                                       {"learning_rate", 1e300},
                                                       {"momentum", 1.0},
                                                       {"momentum", -0.1},
                                                       {"batch_size", 0.0},
                                                       {"batch_size", 1.5},
                                                       {"batch_size", 1e10},
                                                       {"epochs", -1.0},
                                                       {"dropout", 1.0},
                                                       {"augment_rotation", 181.0},
                                                       {"augment_shift", -1.0},
                                                       {"augment_distort", std::string("blur")},
                                                       {"augment_distort", std::string("pgd=0.1")},
                                                       {"augment_distort", 3.0},
                                                       {"schedule", "linear"},
                                                       {"class_balance", "some"}};
  for (const auto& [name, value] : wrong) {
    TrainingOptions options = unusual();
    EXPECT_FALSE(find_training_option(name)->set(options, value)) << name << option_text(value);
    EXPECT_EQ(to_json(options), to_json(unusual())) << "nothing may change";
  }
}

TEST(TrainingOptionTable, NamesWhatIsWrong) {
  TrainingOptions options;
  options.momentum = 2;
  EXPECT_EQ(test::message_of<ParameterError>([&] { validate(options); }),
            "momentum: 2 is not a number from 0, below 1");
  const TrainingOption& epochs = *find_training_option("epochs");
  EXPECT_EQ(test::message_of<ParameterError>([&] { parse_option(epochs, "ten"); }),
            "epochs: \"ten\" is not a whole number from 0 to 1000000000");
  EXPECT_EQ(test::message_of<ParameterError>([&] { with_options(options, {{"x", 1.0}}); }),
            "x: is not a training option");
}

TEST(TrainingOptionTable, AdamBringsItsUsualRate) {
  const TrainingOptions sgd = modern_protocol();
  EXPECT_EQ(with_options(sgd, {{"optimizer", "adam"}}).learning_rate, 0.001);
  EXPECT_EQ(with_options(sgd, {{"optimizer", "adam"}, {"learning_rate", 0.01}}).learning_rate,
            0.01);
  const TrainingOptions adam = with_options(sgd, {{"optimizer", "adam"}, {"learning_rate", 0.01}});
  EXPECT_EQ(with_options(adam, {{"optimizer", "adam"}}).learning_rate, 0.01);
  EXPECT_EQ(with_options(sgd, {{"optimizer", "sgd"}}).learning_rate, sgd.learning_rate);
}

TEST(TrainingOptions, UpdatesAndEpochsReplaceEachOther) {
  const TrainingOptions by_updates = with_options(authors_protocol(), {{"updates", 300.0}});
  EXPECT_EQ(by_updates.updates, 300U);
  EXPECT_EQ(by_updates.epochs, 0U);
  EXPECT_EQ(finetuning_after(by_updates).updates, 0U);
  EXPECT_EQ(finetuning_after(by_updates).epochs, 20U);
  const TrainingOptions by_epochs = with_options(by_updates, {{"epochs", 3.0}});
  EXPECT_EQ(by_epochs.updates, 0U);
  EXPECT_EQ(by_epochs.epochs, 3U);
  EXPECT_THROW(with_options(by_epochs, {{"epochs", 3.0}, {"updates", 300.0}}), ParameterError);
  EXPECT_THROW(with_options(by_epochs, {{"updates", 0.0}}), ParameterError);
}

}  // namespace
}  // namespace hypnos
