#include <fmt/format.h>

#include <memory>

#include "base/atomic_file.hpp"
#include "cli/console.hpp"
#include "cli/data_choice.hpp"
#include "cli/files.hpp"
#include "cli/interrupt.hpp"
#include "cli/verbs.hpp"
#include "cli/watch.hpp"
#include "hypnos/stages.hpp"
#include "training/recipe_json.hpp"

namespace hypnos::cli {
namespace {

struct Options {
  std::string model;
  DataChoice data;
  std::string output;
  bool json = false;
};

void run(const Options& options) {
  const CatchInterrupts catching;
  check_writable(options.output);
  Model model = read_model(options.model);
  TrainedNetwork trained{.network = std::move(model.network),
                         .recipe = read_recipe(model, options.model)};
  apply(options.data, trained.recipe);
  check_verb_files(options.model, trained.recipe.data, options.output);
  const Dataset data = stages::training_data(trained.recipe);
  const double gain = stages::wake(trained, data, {.progress = stop_when_interrupted()});
  model.network = std::move(trained.network);
  write_recipe(model, trained.recipe);
  write_model(options.output, model);
  say("{}: outputs times {:.4g}, by {} samples of {}; no prediction changes\n", options.output,
      gain, data.size(), data.name);
  Json done = to_json(trained.recipe.history.back());
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
