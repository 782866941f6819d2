#include "cli/training_choice.hpp"

#include <fmt/format.h>

#include "cli/whole_number.hpp"
#include "hypnos/stages.hpp"
#include "report/script.hpp"
#include "terminal/console.hpp"
#include "terminal/watch.hpp"
#include "training/recipe_json.hpp"

namespace hypnos::cli {
namespace {

const char* type_of(const TrainingOption& option) {
  switch (option.kind) {
    case TrainingOption::Kind::count:
      return "COUNT";
    case TrainingOption::Kind::number:
      return "NUMBER";
    default:
      return "";
  }
}

}  // namespace

void add_training_options(CLI::App& verb, TrainingChoice& choice, bool of_network) {
  for (const TrainingOption& option : training_options()) {
    if (option.structural && !of_network) continue;
    const std::string name(option.name);
    const std::string type(option.unit.empty() ? type_of(option) : option.unit);
    auto* added = verb.add_option(training_flag(option.name), choice.values[name],
                                  fmt::format("{} ({})", option.help, option.expected));
    if (!type.empty()) added->type_name(type);
  }
  verb.add_option("--threads", choice.threads, "threads for training; they change no result")
      ->check(whole_number(1, 256))
      ->capture_default_str();
}

TrainingOptions apply(const TrainingChoice& choice, const TrainingOptions& options) {
  std::map<std::string, OptionValue> chosen;
  for (const auto& [name, text] : choice.values) {
    if (!text.empty()) chosen[name] = parse_option(*find_training_option(name), text);
  }
  return with_options(options, chosen);
}

Json train_and_write(const std::string& stage, Model model, Recipe recipe, const Dataset& data,
                     const TrainingOptions& options, unsigned threads, const std::string& output) {
  const Stopwatch watch;
  TrainedNetwork trained{.network = std::move(model.network), .recipe = std::move(recipe)};
  const auto write = [&](const std::string& file) {
    model.network = trained.network;
    write_recipe(model, trained.recipe);
    write_model(file, model);
  };
  TrainingReport report;
  try {
    Watch bar(stage);
    const Execution execution = bar.with_threads(threads);
    report = stage == "train" ? stages::train(trained, data, execution)
                              : stages::finetune(trained, data, options, execution);
  } catch (const TrainingStopped& stopped) {
    const std::string partial = output + ".interrupted";
    write(partial);
    say("interrupted in epoch {}; the network so far is in {}\n", stopped.so_far.epochs.size() + 1,
        partial);
    throw;
  }
  write(output);
  const double accuracy = stages::measure(as_written(model), data,
                                          {.threads = threads, .progress = stop_when_interrupted()})
                              .metrics.accuracy;
  say("{}: {} updates on {} samples of {} in {:.1f} s, loss {:.4f}, {:.1f}% of them are answered "
      "rightly\n",
      output, report.updates, data.size(), data.name, watch.seconds(), report.loss.value_or(0),
      100 * accuracy);
  Json done = to_json(trained.recipe.history.back());
  done["samples"] = data.size();
  done["training_accuracy"] = accuracy;
  done["seconds"] = watch.seconds();
  done["output"] = output;
  return done;
}

}  // namespace hypnos::cli
