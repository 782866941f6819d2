#include <fmt/format.h>

#include <memory>

#include "base/atomic_file.hpp"
#include "cli/data_choice.hpp"
#include "cli/interrupt.hpp"
#include "cli/positive_count.hpp"
#include "cli/training_choice.hpp"
#include "cli/verbs.hpp"
#include "hypnos/error.hpp"

namespace hypnos::cli {
namespace {

struct Options {
  DataChoice data;
  TrainingChoice training;
  std::string protocol = "authors";
  std::vector<std::size_t> hidden = {1200, 1200};
  std::optional<double> dropout;
  std::string init;
  std::string output;
  bool json = false;
};

// The hidden layers of a model, with a new output layer; the recipe remembers where they come from.
Model begin_from_model(const std::string& file, const TrainingOptions& training,
                       std::size_t classes, Recipe& recipe) {
  const Model from = read_model(file);
  Network network = from.network;
  const bool biases = !network.layers.back().biases.empty();
  if (network.output != training.output || network.dropout_form != training.dropout_form ||
      biases != training.biases) {
    throw InputError(fmt::format(
        "{}: is not a network of this protocol (output {}, {} biases, dropout {}); give another "
        "--protocol",
        file, name_of(network.output), biases ? "with" : "without", name_of(network.dropout_form)));
  }
  network.dropout = static_cast<float>(training.dropout);
  recipe = begin_from(read_recipe(from, file), recipe);
  renew_output(network, classes, training, further_training_seed(recipe));
  return make_model(std::move(network));
}

void run(const Options& options) {
  const CatchInterrupts catching;
  check_writable(options.output);
  if (options.data.data.empty()) throw InputError("--data is required");
  Recipe recipe;
  apply(options.data, recipe);
  TrainingOptions training = apply(
      options.training, options.protocol == "authors" ? authors_protocol() : modern_protocol());
  training.dropout = options.dropout.value_or(training.dropout);
  recipe.training = training;

  const Dataset data = load_training_subset(recipe);
  std::vector<std::size_t> sizes = {data.shape.features()};
  sizes.insert(sizes.end(), options.hidden.begin(), options.hidden.end());
  sizes.push_back(data.classes);
  Model model = options.init.empty()
                    ? make_model(make_network(sizes, training, recipe.seed))
                    : begin_from_model(options.init, training, data.classes, recipe);
  const Json done = train_and_write("train", model, recipe, data, training,
                                    further_training_seed(recipe), options.output);
  if (options.json) fmt::print("{}\n", text_of(done));
}

}  // namespace

void add_train(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = program.add_subcommand("train", "Train a network on a part of a data set");
  add_data_options(*verb, options->data);
  verb->add_option(
          "--protocol", options->protocol,
          "authors: no biases, weights in +-0.01, ReLU output with squared error, classical "
          "dropout 0.25, SGD 0.01 with momentum 0.5, 10 epochs; modern: biases, softmax with "
          "cross-entropy, fan-in initialization, inverted dropout 0.25, SGD 0.1 with "
          "momentum 0.9, 50 epochs")
      ->check(CLI::IsMember({"authors", "modern"}))
      ->capture_default_str();
  auto* hidden = verb->add_option("--hidden", options->hidden, "units of the hidden layers");
  hidden->check(positive_count())->delimiter(',')->allow_extra_args(false)->capture_default_str();
  verb->add_option("--init", options->init,
                   "begin with the hidden layers of this model, which other data have trained")
      ->type_name("MODEL")
      ->excludes(hidden);
  verb->add_option("--dropout", options->dropout, "part of the hidden units dropped, [0, 1)");
  add_training_options(*verb, options->training);
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
