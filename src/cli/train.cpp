#include <fmt/format.h>

#include <memory>

#include "base/atomic_file.hpp"
#include "cli/data_choice.hpp"
#include "cli/reading_choice.hpp"
#include "cli/training_choice.hpp"
#include "cli/verbs.hpp"
#include "cli/whole_number.hpp"
#include "data/files_of_call.hpp"
#include "hypnos/error.hpp"
#include "hypnos/presets.hpp"
#include "hypnos/sleep_schedule.hpp"
#include "hypnos/stages.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"

namespace hypnos::cli {
namespace {

struct TrainOptions {
  DataChoice data;
  TrainingChoice training;
  std::string protocol = "authors";
  std::vector<std::size_t> hidden = {1200, 1200};
  std::vector<std::uint64_t> sleep_after;
  std::string parameters;
  std::vector<std::string> settings;
  std::optional<double> learning_rate_after;
  std::string init;
  ReadingChoice reading;  // of init
  std::string output;
  bool json = false;
};

TrainedNetwork begin_from_file(const std::string& file, const ReadingChoice& reading,
                               const Recipe& recipe, std::size_t classes) {
  Model model = read_model(file, reading);
  const TrainedNetwork pretrained = {.network = std::move(model.network),
                                     .recipe = read_recipe(model, file)};
  try {
    return stages::begin_with(pretrained, recipe, classes);
  } catch (const InputError& error) {
    throw FileError(file, fmt::format("{}; give another --protocol", error.what()));
  }
}

void check_files(const TrainOptions& options, const Recipe& recipe) {
  Files files{.read = {{"--init", options.init}, {"--params", options.parameters}}};
  add_data_files(files, recipe.data);
  add_model_output(files, options.output);
  check_files_differ(files);
}

// Nothing, where the network does not sleep.
std::optional<stages::SleepsWithin> sleeps_within(const TrainOptions& options,
                                                  const TrainingOptions& training) {
  if (options.sleep_after.empty()) return std::nullopt;
  if (options.training.values.at("updates").empty()) {
    throw InputError("--sleep-after needs --updates: how many there are in all");
  }
  if (!options.training.values.at("schedule").empty()) {
    throw InputError(
        "--sleep-after goes without --schedule: the learning rate is constant up to the last "
        "sleep, and then falls to 0");
  }
  divide_training(training, options.sleep_after, options.learning_rate_after);
  stages::SleepsWithin sleeps{.after = options.sleep_after,
                              .parameters = load_parameters(options.parameters),
                              .learning_rate = options.learning_rate_after};
  for (const std::string& setting : options.settings) apply_setting(sleeps.parameters, setting);
  return sleeps;
}

// Trains, and sleeps in between. Tells of the sleeps at the end.
Json train_with_sleeps(const TrainOptions& options, TrainedNetwork begun, const Dataset& data,
                       stages::SleepsWithin sleeps) {
  Lines lines;
  Json slept = Json::array();
  sleeps.observer = [&](const stages::SleepWithin& sleep, const Network& network) {
    const double before = sleep.slept.accuracy_before.value_or(0);
    const double after =
        stages::measure(network, data, {.threads = options.training.threads}).metrics.accuracy;
    lines.text += fmt::format(
        "slept after {} updates for {} steps: {:.1f}% of the training samples were answered "
        "rightly before, {:.1f}% after\n",
        sleep.updates, sleep.slept.report.steps, 100 * before, 100 * after);
    slept.push_back({{"updates", sleep.updates},
                     {"steps", sleep.slept.report.steps},
                     {"training_accuracy_before", before},
                     {"training_accuracy_after", after},
                     {"gain", sleep.waking_factor}});
  };
  Json done = train_and_write(
      "train", make_model(std::move(begun.network)), std::move(begun.recipe), data,
      [&](TrainedNetwork& trained, const Execution& execution) {
        stages::train_with_sleeps(trained, data, sleeps, execution);
      },
      options.training.threads, options.output);
  say("{}", lines);
  done["sleeps"] = std::move(slept);
  return done;
}

void run(const TrainOptions& options) {
  const CatchInterrupts catching;
  check_writable(options.output);
  if (options.data.data.empty()) throw InputError("--data is required");
  if (options.init.empty() && options.reading.any()) {
    throw InputError("--layers, --batch-norm and --without-effect go with --init");
  }
  Recipe recipe;
  apply(options.data, recipe);
  recipe.training = apply(options.training,
                          options.protocol == "authors" ? authors_protocol() : modern_protocol());
  check_files(options, recipe);
  std::optional<stages::SleepsWithin> sleeps = sleeps_within(options, *recipe.training);
  const Dataset data = stages::training_data(recipe);
  TrainedNetwork begun = options.init.empty()
                             ? stages::begin(recipe, data, options.hidden)
                             : begin_from_file(options.init, options.reading, recipe, data.classes);
  if (sleeps) validate(sleeps->parameters, begun.network.layers.size());
  const Json done =
      sleeps ? train_with_sleeps(options, std::move(begun), data, std::move(*sleeps))
             : train_and_write(
                   "train", make_model(std::move(begun.network)), std::move(begun.recipe), data,
                   [&](TrainedNetwork& trained, const Execution& execution) {
                     stages::train(trained, data, execution);
                   },
                   options.training.threads, options.output);
  if (options.json) fmt::print("{}\n", text_of(done));
}

}  // namespace

void add_train(CLI::App& program) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App* verb = program.add_subcommand("train", "Train a network on a part of a data set");
  add_data_options(*verb, options->data);
  verb->add_option(
          "--protocol", options->protocol,
          "authors: no biases, weights in +-0.01, ReLU output with squared error, classical "
          "dropout 0.25, SGD 0.01 with momentum 0.5, 10 epochs; modern: biases, softmax with "
          "cross-entropy, fan-in initialization, inverted dropout 0.25, SGD 0.1 with momentum 0.9 "
          "and a learning rate that falls to 0, 50 epochs. The options below change single things")
      ->check(CLI::IsMember({"authors", "modern"}))
      ->capture_default_str();
  auto* hidden = verb->add_option("--hidden", options->hidden, "units of the hidden layers");
  hidden->check(positive_count())->delimiter(',')->allow_extra_args(false)->capture_default_str();
  verb->add_option("--init", options->init,
                   "begin with the hidden layers of this model, which other data have trained")
      ->type_name("MODEL")
      ->excludes(hidden);
  auto* sleep_after =
      verb->add_option("--sleep-after", options->sleep_after,
                       "put the network to sleep and wake it after so many updates, and then train "
                       "on; several sleeps: 100,300. Up to the last sleep the learning rate is "
                       "constant, and from there it falls to 0");
  sleep_after->check(positive_count())->delimiter(',')->allow_extra_args(false);
  auto* parameters =
      verb->add_option("--params", options->parameters,
                       "of the sleep: a parameter file (TOML), or the name of a preset")
          ->type_name("FILE|PRESET")
          ->needs(sleep_after);
  sleep_after->needs(parameters);
  verb->add_option("--set", options->settings, "change one parameter of the sleep; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->needs(sleep_after);
  verb->add_option("--learning-rate-after", options->learning_rate_after,
                   "learning rate after the last sleep, at first (default: as before)")
      ->check(CLI::PositiveNumber)
      ->type_name("NUMBER")
      ->needs(sleep_after);
  add_reading_options(*verb, options->reading);
  add_training_options(*verb, options->training, true);
  verb->add_option("-o,--output", options->output, "model file to write (safetensors)")->required();
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nExample: 1% of Fashion-MNIST, as the authors train\n"
      "  hypnos train --data fashion-mnist --fraction 0.01 --seed 1 -o model.safetensors\n"
      "Example: asleep after 300 of 1,200 updates\n"
      "  hypnos train --data fashion-mnist --fraction 0.01 --updates 1200 --sleep-after 300 "
      "--params authors-fashion-mnist-tuned --learning-rate-after 0.1 -o model.safetensors\n"
      "Example: classes 0 and 1 rare, as a practitioner trains\n"
      "  hypnos train --data mnist --per-class 100 --keep 0=0.1,1=0.1 --protocol modern -o "
      "m.safetensors");
  verb->callback([options] { run(*options); });
}

}  // namespace hypnos::cli
