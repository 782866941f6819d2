#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <variant>

#include "base/json.hpp"
#include "base/shell.hpp"
#include "cli/data_choice.hpp"
#include "cli/reading_choice.hpp"
#include "cli/verbs.hpp"
#include "hypnos/prospect.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/stages.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"

namespace hypnos::cli {
namespace {

struct ExplainOptions {
  std::string model;
  ReadingChoice reading;
  DataChoice data;
  bool json = false;
};

bool has_slept(const Recipe& recipe) {
  return std::any_of(recipe.history.begin(), recipe.history.end(), [](const Stage& stage) {
    return std::holds_alternative<SleptStage>(stage.what);
  });
}

// What the call said of the model and its data, for the calls to come, which have these options
// too.
std::string as_given(const CLI::App& verb) {
  std::string text;
  for (const CLI::Option* option : verb.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || name == "--json" || option->get_positional()) continue;
    for (const std::string& value : option->results()) text += " " + name + " " + shell_word(value);
  }
  return text;
}

// Commands that can be copied.
// @param given see as_given
// @param like_it whether networks can be trained like this one, to judge a sleep
std::string next_steps(const std::string& model, const std::string& given, const Dataset& data,
                       bool like_it) {
  const std::size_t patch = SleepParameters().patch;
  const bool fits = patch <= data.shape.rows && patch <= data.shape.columns;
  return fmt::format(
      "\nNext:\n"
      "  hypnos tune {0}{1}{2}{3} -o found.toml\n"
      "  hypnos sleep {0}{1} --params found.toml --guard {4} -o {5}\n",
      shell_word(model), given, like_it ? "" : " --on train", fits ? "" : " --set patch=0",
      like_it ? "folds" : "holdout --holdout OTHER_SAMPLES",
      shell_word(std::filesystem::path(model).stem().string() + "-slept.safetensors"));
}

// The loss of the training, if that was the last thing that was done.
std::optional<double> last_loss(const Recipe& recipe) {
  if (recipe.history.empty()) return {};
  const auto* trained = std::get_if<TrainedStage>(&recipe.history.back().what);
  return trained == nullptr ? std::nullopt : trained->loss;
}

struct Loss {
  std::optional<double> last;  // of the training, if that was the last thing that was done
  double constant = 0;         // of the best answer that is always the same
};

Json to_json(const ExplainOptions& options, const Prospect& found, const Loss& loss) {
  Json result = {{"model", options.model},
                 {"standing", name_of(found.standing)},
                 {"samples", found.samples},
                 {"accuracy", found.accuracy},
                 {"chance", found.chance},
                 {"commonest_answer", found.commonest},
                 {"answered_classes", found.answered},
                 {"classes", found.classes},
                 {"class_correlations", found.alike},
                 {"visible_gain", found.visible_gain},
                 {"loss_of_one_answer", loss.constant}};
  if (loss.last) result["loss"] = *loss.last;
  return result;
}

void print(const ExplainOptions& options, const Recipe& recipe, const Prospect& found,
           const Loss& loss, const std::string& next) {
  const auto percent = [](double part) { return fmt::format("{:.1f}%", 100 * part); };
  const ProspectWords words = words_of(found.standing);
  show("{} is {}.\n{}{}{}\n\n", options.model, words.where,
       has_slept(recipe) ? "It has slept already. " : "", words.sleep,
       found.standing == Standing::past ? " hypnos train has --updates and --sleep-after." : "");
  std::vector<std::vector<std::string>> rows = {
      {"what says so", ""},
      {"training samples", std::to_string(found.samples)},
      {"answered right", percent(found.accuracy)},
      {"the most frequent class", percent(found.chance)},
      {"the commonest answer", percent(found.commonest)},
      {"classes that are answered", fmt::format("{} of {}", found.answered, found.classes)}};
  for (std::size_t l = 0; l < found.alike.size(); ++l) {
    rows.push_back(
        {fmt::format("correlation of responses to two classes, hidden {}", l + 1),
         std::isnan(found.alike[l]) ? "no responses" : fmt::format("{:.3f}", found.alike[l])});
  }
  if (loss.last) {
    rows.push_back({"loss of the last epoch", fmt::format("{:.4f}", *loss.last)});
    rows.push_back({"loss of always the same answer", fmt::format("{:.4f}", loss.constant)});
  }
  rows.push_back({"gain that they can tell from chance, if one answer in ten changes",
                  fmt::format("{:.1f} points", 100 * found.visible_gain)});
  show(
      "{}\nThis was found with networks of two sets of images; elsewhere trust the guard more.\n{}",
      table(rows), Lines{next});
}

void run(const ExplainOptions& options, const std::string& given) {
  const CatchInterrupts catching;
  const Model model = read_model(options.model, options.reading);
  Recipe recipe = read_recipe(model, options.model);
  apply(options.data, recipe);
  const Dataset data = stages::training_data(recipe);
  const stages::Measured measured = [&] {
    Watch bar("explain");
    return stages::measure_with_responses(model.network, data, bar.with_threads(all_threads()));
  }();
  const Prospect found = prospect_of(measured.metrics, measured.responses);
  const Loss loss = {
      .last = last_loss(recipe),
      .constant = constant_answer_loss(model.network.output != OutputKind::relu, measured.metrics)};
  const bool like_it = recipe.training && !was_pretrained(recipe) && changed_by(recipe).empty();
  if (options.json) {
    fmt::print("{}\n", text_of(to_json(options, found, loss)));
    return;
  }
  print(options, recipe, found, loss,
        found.standing == Standing::past ? "" : next_steps(options.model, given, data, like_it));
}

}  // namespace

void add_explain(CLI::App& program) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* verb =
      program.add_subcommand("explain", "Say what a sleep will probably do for a network, and why");
  verb->add_option("model", options->model, "model file")->required();
  add_reading_options(*verb, options->reading);
  add_data_options(*verb, options->data);
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nIt looks at the answers to the training samples, and at how alike the hidden units "
      "respond to different classes: the correlation of the last hidden layer is 0.8 or more on "
      "the "
      "plateau, and below 0.45 past it. That was read off 448 networks: docs/guides/plateau.md.\n"
      "\nExample:\n"
      "  hypnos explain model.safetensors\n"
      "Example: a model from elsewhere, with the samples that it was trained on\n"
      "  hypnos explain mine.safetensors --data fashion-mnist --fraction 0.01 --seed 1");
  verb->callback([options, verb] { run(*options, as_given(*verb)); });
}

}  // namespace hypnos::cli
