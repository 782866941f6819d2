#include "report/script.hpp"

#include <gtest/gtest.h>

namespace hypnos {
namespace {

TEST(Script, NamesEveryStage) {
  const Json choices = {{"data", "my data"},  {"keep", "3=0.5"},
                        {"hidden", {32, 16}}, {"class_balance", "weights"},
                        {"augment_shift", 2}, {"finetune_learning_rate", 0.5}};
  const Json configuration = {{"data", "my data"},
                              {"subset", {{"fraction", 0.01}, {"keep", {{"3", 0.5}}}}},
                              {"stages", {"sleep", "wake", "finetune", "control"}},
                              {"parameters", "steps = 9\n"},
                              {"finetuning", {{"epochs", 7}}}};
  EXPECT_EQ(
      script_of(choices, 5, configuration),
      "hypnos train --data 'my data' --fraction 0.01 --keep 3=0.5 --hidden 32,16 "
      "--class-balance weights --augment-shift 2 --seed 5 -o trained.safetensors\n"
      "hypnos eval trained.safetensors\n"
      "cat > sleep.toml <<'END'\nsteps = 9\nEND\n"
      "hypnos sleep trained.safetensors --params sleep.toml -o slept.safetensors\n"
      "hypnos eval slept.safetensors\n"
      "hypnos wake slept.safetensors -o awake.safetensors\n"
      "hypnos finetune awake.safetensors --epochs 7 --learning-rate 0.5 -o tuned.safetensors\n"
      "hypnos eval tuned.safetensors\n"
      "# the control\n"
      "hypnos finetune trained.safetensors --epochs 7 --learning-rate 0.5 -o "
      "control.safetensors\n"
      "hypnos eval control.safetensors\n");
}

TEST(Script, BeginsWithPreTraining) {
  const Json configuration = {{"data", "b"},
                              {"subset", {{"per_class", 3}}},
                              {"pretraining", {{"data", "a"}, {"fraction", 0.5}, {"epochs", 2}}},
                              {"stages", Json::array()}};
  EXPECT_EQ(script_of({{"hidden", {8}}, {"epochs", 4}}, 1, configuration),
            "hypnos train --data a --fraction 0.5 --hidden 8 --epochs 2 --seed 1 -o "
            "pretrained.safetensors\n"
            "hypnos train --init pretrained.safetensors --data b --per-class 3 --epochs 4 --seed 1 "
            "-o trained.safetensors\n"
            "hypnos eval trained.safetensors\n");
}

TEST(Script, SaysUpdatesWhereThoseCount) {
  const Json configuration = {
      {"data", "b"}, {"stages", {"control"}}, {"finetuning", {{"epochs", 0}, {"updates", 300}}}};
  EXPECT_EQ(script_of({{"updates", 30}}, 1, configuration),
            "hypnos train --data b --updates 30 --seed 1 -o trained.safetensors\n"
            "hypnos eval trained.safetensors\n"
            "# the control\n"
            "hypnos finetune trained.safetensors --updates 300 -o control.safetensors\n"
            "hypnos eval control.safetensors\n");
}

TEST(Script, SleepsWithinTraining) {
  const Json choices = {{"protocol", "modern"},
                        {"updates", 1200},
                        {"average", 0.5},
                        {"sleep_after", {100, 300}},
                        {"finetune_learning_rate", 0.2}};
  const Json configuration = {
      {"data", "b"},
      {"training", {{"updates", 100}}},
      {"stages", {"sleep", "wake", "finetune", "control"}},
      {"parameters", "steps = 9\n"},
      {"between_sleeps", {{{"updates", 200}, {"learning_rate", 0.1}}}},
      {"finetuning",
       {{"updates", 900}, {"learning_rate", 0.2}, {"schedule", "cosine"}, {"average", 0.5}}}};
  EXPECT_EQ(script_of(choices, 5, configuration),
            "hypnos train --data b --protocol modern --updates 100 --schedule constant --seed 5 -o "
            "trained.safetensors\n"
            "hypnos eval trained.safetensors\n"
            "cat > sleep.toml <<'END'\nsteps = 9\nEND\n"
            "hypnos sleep trained.safetensors --params sleep.toml -o slept.safetensors\n"
            "hypnos eval slept.safetensors\n"
            "hypnos wake slept.safetensors -o awake.safetensors\n"
            "hypnos finetune awake.safetensors --updates 200 --schedule constant --learning-rate "
            "0.1 -o tuned.safetensors\n"
            "hypnos sleep tuned.safetensors --params sleep.toml -o tuned.safetensors\n"
            "hypnos wake tuned.safetensors -o tuned.safetensors\n"
            "hypnos finetune tuned.safetensors --updates 900 --schedule cosine --learning-rate 0.2 "
            "--average 0.5 -o tuned.safetensors\n"
            "hypnos eval tuned.safetensors\n"
            "# the control\n"
            "hypnos finetune trained.safetensors --updates 200 --schedule constant --learning-rate "
            "0.1 -o control.safetensors\n"
            "hypnos finetune control.safetensors --updates 900 --schedule cosine --learning-rate "
            "0.2 --average 0.5 -o control.safetensors\n"
            "hypnos eval control.safetensors\n");
}

TEST(Script, SaysHowDataAreRead) {
  const Json normalize = {{"standardize", false}, {"mean", {-0.5}}, {"std", {0.25}}};
  const Json configuration = {
      {"data", "a"},
      {"reading",
       {{"layout", "first"}, {"range", "as-is"}, {"first_label", 1}, {"normalize", normalize}}},
      {"stages", Json::array()}};
  EXPECT_EQ(script_of(Json::object(), 1, configuration),
            "hypnos train --data a --layout first --range as-is --first-label 1 "
            "--normalize=-0.5,0.25 --seed 1 -o trained.safetensors\n"
            "hypnos eval trained.safetensors\n");
}

TEST(Script, WakesWithoutSleep) {
  const Json configuration = {
      {"data", "a"}, {"stages", {"wake", "finetune"}}, {"finetuning", {{"epochs", 7}}}};
  EXPECT_EQ(script_of({{"sleep", "none"}, {"schedule", "cosine"}}, 1, configuration),
            "hypnos train --data a --schedule cosine --seed 1 -o trained.safetensors\n"
            "hypnos eval trained.safetensors\n"
            "hypnos wake trained.safetensors -o awake.safetensors\n"
            "hypnos finetune awake.safetensors --epochs 7 -o tuned.safetensors\n"
            "hypnos eval tuned.safetensors\n");
}

TEST(Script, IsMissingWhereThereIsNoVerb) {
  EXPECT_EQ(script_of(Json::object(), 1, {{"data", "a"}, {"method", "nearest-neighbor"}}), "");
}

// What is between quotes, or behind a $, is the shell's matter: see base/shell_test.cpp.
TEST(Script, TextFromOutsideStaysText) {
  const Json choices = {{"protocol", "$(touch x)"}, {"finetune_learning_rate", "$(touch x)"}};
  const Json configuration = {{"data", "--output=/x"},
                              {"subset", {{"fraction", "`touch x`"}, {"keep", {{";touch x", 1}}}}},
                              {"stages", {"sleep", "finetune"}},
                              {"parameters", "steps = 5\nEND\ntouch x"},
                              {"finetuning", {{"epochs", "$(touch x)"}}}};
  const std::string script = script_of(choices, "$(touch x)", configuration);
  EXPECT_NE(script.find("--data=--output=/x"), std::string::npos) << script;
  EXPECT_NE(script.find("cat > sleep.toml <<'END_'\nsteps = 5\nEND\ntouch x\nEND_\n"),
            std::string::npos);
  for (const char* option : {"--protocol '$(touch x)'", "--fraction '\"`touch x`\"'",
                             "--keep ';touch x=1'", "--seed '\"$(touch x)\"'",
                             "--epochs '\"$(touch x)\"'", "--learning-rate '\"$(touch x)\"'"}) {
    EXPECT_NE(script.find(option), std::string::npos) << option << "\n" << script;
  }
}

TEST(Script, OfAStudyHasItsPlan) {
  Json report = {
      {"studies",
       {{{"name", "../it's"}, {"plan", "a = 1\nEND\ntouch x"}, {"groups", Json::array()}},
        {{"name", "b"}, {"plan", ""}, {"groups", Json::array()}}}}};
  add_scripts(report);
  EXPECT_EQ(report["studies"][0]["script"],
            "cat > it-s.toml <<'END_'\na = 1\nEND\ntouch x\nEND_\n"
            "hypnos run it-s.toml --db results.sqlite\n");
  EXPECT_EQ(report["studies"][1]["script"], "");
}

}  // namespace
}  // namespace hypnos
