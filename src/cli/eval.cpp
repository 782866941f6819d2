#include <fmt/format.h>

#include <memory>

#include "cli/data_choice.hpp"
#include "cli/judging_choice.hpp"
#include "cli/reading_choice.hpp"
#include "cli/verbs.hpp"
#include "cli/whole_number.hpp"
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
  std::string distort;
  std::uint64_t distort_seed = 1;
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
  measures.push_back({"recall of the worst class", share(m.worst_recall)});
  if (m.probabilities) {
    measures.push_back({"cross-entropy, awake", share(m.probabilities->cross_entropy)});
    measures.push_back({"calibration error, awake", share(m.probabilities->calibration_error)});
    if (m.probabilities->roc_area) {
      measures.push_back({"area under the ROC curve", share(*m.probabilities->roc_area)});
    }
  }
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

std::vector<DistortedMetrics> measure_distorted(const EvalOptions& options, const Network& network,
                                                const Dataset& data) {
  if (options.distort.empty()) return {};
  const std::vector<Distortion> distortions = read_distortions(options.distort);
  check_distortions(data, distortions);
  Watch bar("distort");
  return stages::measure_distorted(network, data, distortions, options.distort_seed,
                                   bar.with_threads(all_threads()));
}

void print_distorted(const std::vector<DistortedMetrics>& found) {
  if (found.empty()) return;
  std::vector<std::vector<std::string>> rows = {{"distortion", "accuracy", "balanced accuracy",
                                                 "worst class", "cross-entropy",
                                                 "calibration error"}};
  std::vector<double> means(rows[0].size() - 1, 0.0);
  const auto add = [&](const std::string& name, const std::vector<double>& values) {
    std::vector<std::string> row = {name};
    for (const double value : values) row.push_back(fmt::format("{:.4f}", value));
    rows.push_back(std::move(row));
  };
  for (const DistortedMetrics& d : found) {
    const ProbabilityMetrics p = d.metrics.probabilities.value_or(ProbabilityMetrics());
    const std::vector<double> values = {d.metrics.accuracy, d.metrics.balanced_accuracy,
                                        d.metrics.worst_recall, p.cross_entropy,
                                        p.calibration_error};
    for (std::size_t v = 0; v < values.size(); ++v) {
      means[v] += values[v] / static_cast<double>(found.size());
    }
    add(d.distortion, values);
  }
  add("mean", means);
  show("\n{}", table(rows));
}

void run(const EvalOptions& options) {
  const CatchInterrupts catching;
  const Model model = read_model(options.model, options.reading);
  Recipe recipe = read_recipe(model, options.model);
  apply(options.data, recipe);
  const Dataset data =
      options.split == "test" ? stages::test_half(recipe) : stages::training_data(recipe);
  const Metrics metrics = [&] {
    Watch bar("eval");
    return stages::measure(model.network, data, bar.with_threads(all_threads())).metrics;
  }();
  const std::vector<DistortedMetrics> distorted = measure_distorted(options, model.network, data);
  if (options.json) {
    Json result = {{"model", options.model}, {"data", recipe.data}, {"split", options.split}};
    if (options.split == "train") result["subset"] = to_json(recipe.subset);
    result.update(to_json(metrics));
    for (const DistortedMetrics& d : distorted) {
      Json of_distortion = to_json(d.metrics);
      of_distortion["distortion"] = d.distortion;
      result["distorted"].push_back(std::move(of_distortion));
    }
    fmt::print("{}\n", text_of(result));
  } else {
    print_tables(metrics);
    print_distorted(distorted);
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
  auto* distort = verb->add_option("--distort", options->distort,
                                   "measure also under these distortions, one by one: "
                                   "gaussian-noise=0.4,blur=2.5; below")
                      ->type_name("LIST");
  verb->add_option("--distort-seed", options->distort_seed, "draws noise, places and directions")
      ->check(whole_number(0, largest_number))
      ->capture_default_str()
      ->needs(distort);
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer("\n" + distortion_help() +
               "\nExample:\n"
               "  hypnos eval model.safetensors --data fashion-mnist --json\n"
               "Example: how robust it is\n"
               "  hypnos eval model.safetensors --distort "
               "clean,gaussian-noise=0.4,blur=2.5,rotation=30,fgsm=0.1");
  verb->callback([options] { run(*options); });
}

}  // namespace hypnos::cli
