#include <fmt/format.h>

#include <memory>

#include "base/atomic_file.hpp"
#include "cli/data_choice.hpp"
#include "cli/reading_choice.hpp"
#include "cli/training_choice.hpp"
#include "cli/verbs.hpp"
#include "data/files_of_call.hpp"
#include "hypnos/stages.hpp"
#include "terminal/interrupt.hpp"

namespace hypnos::cli {
namespace {

struct FinetuneOptions {
  std::string model;
  ReadingChoice reading;
  DataChoice data;
  TrainingChoice training;
  std::string output;
  bool json = false;
};

// As the model was trained; for a model from elsewhere, as its output kind suggests.
TrainingOptions usual_training(const Model& model, const Recipe& recipe) {
  if (recipe.training) return *recipe.training;
  return model.network.output == OutputKind::relu ? authors_protocol() : modern_protocol();
}

void run(const FinetuneOptions& options) {
  const CatchInterrupts catching;
  check_writable(options.output);
  Model model = read_model(options.model, options.reading);
  Recipe recipe = read_recipe(model, options.model);
  apply(options.data, recipe);
  const TrainingOptions training =
      apply(options.training, finetuning_after(usual_training(model, recipe)));
  check_verb_files(options.model, recipe.data, options.output);
  const Dataset data = stages::training_data(recipe);
  const Json done = train_and_write(
      "finetune", std::move(model), std::move(recipe), data,
      [&](TrainedNetwork& trained, const Execution& execution) {
        stages::finetune(trained, data, training, execution);
      },
      options.training.threads, options.output);
  if (options.json) fmt::print("{}\n", text_of(done));
}

}  // namespace

void add_finetune(CLI::App& program) {
  auto options = std::make_shared<FinetuneOptions>();
  CLI::App* verb = program.add_subcommand(
      "finetune",
      "Train on, on the data and in the way that the model remembers (20 epochs by the same "
      "schedule; with softmax output at a tenth of the learning rate)");
  verb->add_option("model", options->model, "model file")->required();
  add_reading_options(*verb, options->reading);
  add_data_options(*verb, options->data);
  add_training_options(*verb, options->training, false);
  verb->add_option("-o,--output", options->output, "model file to write")->required();
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nExample:\n"
      "  hypnos finetune awake.safetensors --epochs 20 -o tuned.safetensors");
  verb->callback([options] { run(*options); });
}

}  // namespace hypnos::cli
