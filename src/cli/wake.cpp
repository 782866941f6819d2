#include <fmt/format.h>

#include <functional>
#include <memory>
#include <numeric>

#include "base/atomic_file.hpp"
#include "cli/data_choice.hpp"
#include "cli/reading_choice.hpp"
#include "cli/verbs.hpp"
#include "data/files_of_call.hpp"
#include "hypnos/dataset_prediction.hpp"
#include "hypnos/stages.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"
#include "training/recipe_json.hpp"

namespace hypnos::cli {
namespace {

struct WakeOptions {
  std::string model;
  ReadingChoice reading;
  DataChoice data;
  std::string output;
  bool json = false;
};

std::size_t count_differences(const std::vector<std::uint32_t>& a,
                              const std::vector<std::uint32_t>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), std::size_t{0}, std::plus<>(),
                            std::not_equal_to<>());
}

void run(const WakeOptions& options) {
  const CatchInterrupts catching;
  check_writable(options.output);
  Model model = read_model(options.model, options.reading);
  TrainedNetwork trained{.network = std::move(model.network),
                         .recipe = read_recipe(model, options.model)};
  apply(options.data, trained.recipe);
  check_verb_files(options.model, trained.recipe.data, options.output);
  const Dataset data = stages::training_data(trained.recipe);
  const Execution execution = {.progress = stop_when_interrupted()};
  const std::vector<std::uint32_t> before = predict(trained.network, data, execution).answers;
  const double gain = stages::wake(trained, data, execution);
  model.network = std::move(trained.network);
  write_recipe(model, trained.recipe);
  write_model(options.output, model);
  const std::vector<std::uint32_t> after = predict(as_written(model), data, execution).answers;
  const std::size_t changed = count_differences(before, after);
  say("{}: outputs times {:.4g}, by {} samples of {}; {}\n", options.output, gain, data.size(),
      data.name,
      changed == 0 ? "no prediction changes"
                   : fmt::format("{} of their predictions change, by rounding", changed));
  Json done = to_json(trained.recipe.history.back());
  done["output"] = options.output;
  if (options.json) fmt::print("{}\n", text_of(done));
}

}  // namespace

void add_wake(CLI::App& program) {
  auto options = std::make_shared<WakeOptions>();
  CLI::App* verb = program.add_subcommand(
      "wake", "Rescale the weights so that the outputs fit the training data best");
  verb->add_option("model", options->model, "model file, usually just slept")->required();
  add_reading_options(*verb, options->reading);
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
