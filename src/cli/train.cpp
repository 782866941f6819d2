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
#include "hypnos/stages.hpp"
#include "terminal/interrupt.hpp"

namespace hypnos::cli {
namespace {

struct TrainOptions {
  DataChoice data;
  TrainingChoice training;
  std::string protocol = "authors";
  std::vector<std::size_t> hidden = {1200, 1200};
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
  Files files{.read = {{"--init", options.init}}};
  add_data_files(files, recipe.data);
  add_model_output(files, options.output);
  check_files_differ(files);
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
  const Dataset data = stages::training_data(recipe);
  TrainedNetwork begun = options.init.empty()
                             ? stages::begin(recipe, data, options.hidden)
                             : begin_from_file(options.init, options.reading, recipe, data.classes);
  const Json done =
      train_and_write("train", make_model(std::move(begun.network)), std::move(begun.recipe), data,
                      *recipe.training, options.training.threads, options.output);
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
  add_reading_options(*verb, options->reading);
  add_training_options(*verb, options->training, true);
  verb->add_option("-o,--output", options->output, "model file to write (safetensors)")->required();
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nExample: 1% of Fashion-MNIST, as the authors train\n"
      "  hypnos train --data fashion-mnist --fraction 0.01 --seed 1 -o model.safetensors\n"
      "Example: classes 0 and 1 rare, as a practitioner trains\n"
      "  hypnos train --data mnist --per-class 100 --keep 0=0.1,1=0.1 --protocol modern -o "
      "m.safetensors");
  verb->callback([options] { run(*options); });
}

}  // namespace hypnos::cli
