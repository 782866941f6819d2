#include "cli/training_choice.hpp"

#include <fmt/format.h>

#include "cli/whole_number.hpp"
#include "hypnos/error.hpp"
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

// By the stages of the recipe from this one on.
std::uint64_t updates_since(const Recipe& recipe, std::size_t stage) {
  std::uint64_t updates = 0;
  for (; stage < recipe.history.size(); ++stage) {
    const auto* trained = std::get_if<TrainedStage>(&recipe.history[stage].what);
    if (trained != nullptr) updates += trained->updates;
  }
  return updates;
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
                     const std::function<void(TrainedNetwork&, const Execution&)>& train,
                     unsigned threads, const std::string& output) {
  const Stopwatch watch;
  const std::size_t stages_before = recipe.history.size();
  TrainedNetwork trained{.network = std::move(model.network), .recipe = std::move(recipe)};
  const auto write = [&](const std::string& file) {
    model.network = trained.network;
    write_recipe(model, trained.recipe);
    write_model(file, model);
  };
  const auto updates = [&] { return updates_since(trained.recipe, stages_before); };
  const auto keep = [&](const char* what) {
    const std::string partial = output + ".interrupted";
    write(partial);
    say("{} after {} updates; the network so far is in {}\n", what, updates(), partial);
  };
  try {
    Watch bar(stage);
    train(trained, bar.with_threads(threads));
  } catch (const Stopped&) {
    keep("interrupted");
    throw;
  } catch (const InputError&) {
    // A stage could not be done. Those before it need not be done again.
    if (trained.recipe.history.size() > stages_before) keep("failed");
    throw;
  }
  write(output);
  const double accuracy = stages::measure(as_written(model), data,
                                          {.threads = threads, .progress = stop_when_interrupted()})
                              .metrics.accuracy;
  Json done = to_json(trained.recipe.history.back());
  say("{}: {} updates on {} samples of {} in {:.1f} s, loss {:.4f}, {:.1f}% of them are answered "
      "rightly\n",
      output, updates(), data.size(), data.name, watch.seconds(), done.value("loss", 0.0),
      100 * accuracy);
  done["updates"] = updates();
  done["samples"] = data.size();
  done["training_accuracy"] = accuracy;
  done["seconds"] = watch.seconds();
  done["output"] = output;
  return done;
}

}  // namespace hypnos::cli
