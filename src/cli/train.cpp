#include <fmt/format.h>

#include <memory>

#include "base/atomic_file.hpp"
#include "cli/data_choice.hpp"
#include "cli/interrupt.hpp"
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
  std::string output;
  bool json = false;
};

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
  Model model = make_model(make_network(sizes, training, recipe.seed));
  const Json done =
      train_and_write("train", model, recipe, data, training, recipe.seed, options.output);
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
  verb->add_option("--hidden", options->hidden, "units of the hidden layers")
      ->check(CLI::PositiveNumber)
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
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
