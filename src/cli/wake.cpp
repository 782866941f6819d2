#include "hypnos/wake.hpp"

#include <fmt/format.h>

#include <memory>

#include "base/atomic_file.hpp"
#include "cli/console.hpp"
#include "cli/data_choice.hpp"
#include "cli/verbs.hpp"
#include "hypnos/error.hpp"
#include "hypnos/prediction.hpp"

namespace hypnos::cli {
namespace {

struct Options {
  std::string model;
  DataChoice data;
  std::string output;
  bool json = false;
};

void run(const Options& options) {
  check_writable(options.output);
  Model model = read_model(options.model);
  Recipe recipe = read_recipe(model, options.model);
  apply(options.data, recipe);
  const Dataset data = load_training_subset(recipe);
  if (data.classes > model.network.outputs()) {
    throw InputError(fmt::format("{} classes for a network of {} outputs", data.classes,
                                 model.network.outputs()));
  }
  const Prediction prediction = predict(model.network, data);
  const double gain =
      output_gain(model.network.output, prediction.outputs, data.labels, model.network.outputs());
  rescale(model.network, gain);
  Json done = {{"stage", "wake"}, {"gain", gain}};
  recipe.history.push_back(done);
  write_recipe(model, recipe);
  write_model(options.output, model);
  say("{}: outputs times {:.4g}, by {} samples of {}; no prediction changes\n", options.output,
      gain, data.size(), data.name);
  done["output"] = options.output;
  if (options.json) fmt::print("{}\n", text_of(done));
}

}  // namespace

void add_wake(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = program.add_subcommand(
      "wake", "Rescale the weights so that the outputs fit the training data best");
  verb->add_option("model", options->model, "model file, usually just slept")->required();
  add_data_options(*verb, options->data);
  verb->add_option("-o,--output", options->output, "model file to write")->required();
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nSleep shrinks the scale of the outputs. No prediction sees that, but training does: wake\n"
      "before fine-tuning.\n"
      "Example:\n"
      "  hypnos wake slept.safetensors -o awake.safetensors");
  verb->callback([options] { run(*options); });
}

}  // namespace hypnos::cli
