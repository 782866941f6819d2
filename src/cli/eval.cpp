#include <fmt/format.h>

#include <memory>

#include "cli/data_choice.hpp"
#include "cli/reading_choice.hpp"
#include "cli/verbs.hpp"
#include "hypnos/stages.hpp"
#include "results/metrics_json.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"
#include "training/recipe_json.hpp"

namespace hypnos::cli {
namespace {

struct EvalOptions {
  std::string model;
  ReadingChoice reading;
  DataChoice data;
  std::string split = "test";
  bool json = false;
};

void print_tables(const Metrics& m) {
  const auto share = [](double value) { return fmt::format("{:.4f}", value); };
  std::vector<std::vector<std::string>> measures = {
      {"measure", "value"},
      {"samples", std::to_string(m.samples)},
      {"accuracy", share(m.accuracy)},
      {"balanced accuracy", share(m.balanced_accuracy)},
      {"macro F1", share(m.macro_f1)},
      {"geometric mean of recalls", share(m.geometric_mean)}};
  if (m.roc_area) measures.push_back({"area under the ROC curve", share(*m.roc_area)});
  show("{}\n", table(measures));
  std::vector<std::vector<std::string>> classes = {
      {"class", "samples", "answered", "precision", "recall", "F1"}};
  std::vector<std::vector<std::string>> confusion = {{"true \\ answer"}};
  for (std::size_t c = 0; c < m.per_class.size(); ++c) {
    const ClassMetrics& k = m.per_class[c];
    classes.push_back({std::to_string(c), std::to_string(k.samples), std::to_string(k.answered),
                       share(k.precision), share(k.recall), share(k.f1)});
    confusion[0].push_back(std::to_string(c));
    std::vector<std::string> row = {std::to_string(c)};
    for (std::size_t answer = 0; answer < m.confusion.classes; ++answer) {
      row.push_back(std::to_string(m.confusion.at(c, answer)));
    }
    confusion.push_back(std::move(row));
  }
  show("{}\n{}", table(classes), table(confusion));
}

void run(const EvalOptions& options) {
  const CatchInterrupts catching;
  const Model model = read_model(options.model, options.reading);
  Recipe recipe = read_recipe(model, options.model);
  apply(options.data, recipe);
  const Dataset data =
      options.split == "test" ? stages::test_half(recipe) : stages::training_data(recipe);
  Watch bar("eval");
  const Metrics metrics =
      stages::measure(model.network, data, bar.with_threads(all_threads())).metrics;
  if (options.json) {
    Json result = {{"model", options.model}, {"data", recipe.data}, {"split", options.split}};
    if (options.split == "train") result["subset"] = to_json(recipe.subset);
    result.update(to_json(metrics));
    fmt::print("{}\n", text_of(result));
  } else {
    print_tables(metrics);
  }
}

}  // namespace

void add_eval(CLI::App& program) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* verb =
      program.add_subcommand("eval", "Measure a network: accuracy, per class, confusions");
  verb->add_option("model", options->model, "model file")->required();
  add_reading_options(*verb, options->reading);
  add_data_options(*verb, options->data);
  verb->add_option("--split", options->split,
                   "test: all test samples; train: the samples that the model was trained on")
      ->check(CLI::IsMember({"test", "train"}))
      ->capture_default_str();
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nExample:\n"
      "  hypnos eval model.safetensors --data fashion-mnist --json");
  verb->callback([options] { run(*options); });
}

}  // namespace hypnos::cli
