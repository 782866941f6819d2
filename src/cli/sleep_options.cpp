#include "cli/sleep_options.hpp"

#include <fmt/format.h>

#include "cli/whole_number.hpp"
#include "hypnos/presets.hpp"
#include "report/page.hpp"

namespace hypnos::cli {

void add_sleep_options(CLI::App& verb, SleepOptions& options) {
  verb.add_option("model", options.model, "model file")->required();
  add_reading_options(verb, options.reading);
  add_data_options(verb, options.data);
  verb.add_option("--params", options.parameters, "parameter file (TOML), or the name of a preset")
      ->required()
      ->type_name("FILE|PRESET");
  verb.add_option("--set", options.settings, "change one parameter; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb.add_option("--input-spikes", options.input_spikes,
                  "spikes to drive the sleep with instead of noise: .npy, bool [steps x inputs]")
      ->type_name("FILE.npy");
  verb.add_option("--record", options.record,
                  "record spikes, and states every --record-steps steps, for NumPy "
                  "(docs/recording.md)")
      ->type_name("FILE.npy");
  verb.add_option("--record-steps", options.record_steps, "steps between recorded states")
      ->check(positive_count())
      ->capture_default_str();
  verb.add_option("--trace", options.trace,
                  "write the accuracy on the training samples every --trace-steps steps")
      ->type_name("FILE.csv");
  verb.add_option("--trace-steps", options.trace_steps, "steps between two lines of --trace")
      ->check(positive_count())
      ->capture_default_str();
  add_guard_options(verb, options.guard);
  if (has_report()) {
    verb.add_option("--report", options.report,
                    "write a page of figures: before and after, on test data where there are "
                    "some, and what happened within")
        ->type_name("FILE.html");
  }
  verb.add_option("-o,--output", options.output, "model file to write")->required();
  verb.add_flag("--json", options.json, "print the result as JSON");
  verb.footer(
      "\nPresets: " + preset_names() +
      "\n\nExample:\n"
      "  hypnos sleep model.safetensors --params authors-fashion-mnist-1pct -o slept.safetensors\n"
      "Example: a model from elsewhere, half as much plasticity\n"
      "  hypnos sleep mine.safetensors --data my-images --params authors-fashion-mnist-1pct "
      "--set increment=3e-6 --set decrement=6e-6 -o slept.safetensors\n"
      "Example: only if it helps, by five-fold cross-validation\n"
      "  hypnos sleep model.safetensors --params mine.toml --guard folds -o slept.safetensors");
}

}  // namespace hypnos::cli
