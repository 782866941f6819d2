#include "hypnos/sleep.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/atomic_file.hpp"
#include "cli/console.hpp"
#include "cli/data_choice.hpp"
#include "cli/interrupt.hpp"
#include "cli/positive_count.hpp"
#include "cli/presets.hpp"
#include "cli/recording.hpp"
#include "cli/sleep_guard.hpp"
#include "cli/sleep_page.hpp"
#include "cli/sleep_summary.hpp"
#include "cli/verbs.hpp"
#include "hypnos/calibration.hpp"
#include "hypnos/error.hpp"
#include "hypnos/metrics.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/npy.hpp"
#include "hypnos/prediction.hpp"
#include "report/page.hpp"

namespace hypnos::cli {
namespace {

struct Options {
  std::string model;
  DataChoice data;
  std::string parameters;
  std::vector<std::string> settings;
  std::string input_spikes;
  std::string record;
  std::uint64_t record_steps = 1000;
  std::string trace;
  std::uint64_t trace_steps = 100;
  GuardChoice guard;
  std::string report;
  std::string output;
  bool json = false;
};

SleepParameters chosen_parameters(const Options& options) {
  SleepParameters parameters = read_parameters(options.parameters);
  for (const std::string& setting : options.settings) apply_setting(parameters, setting);
  return parameters;
}

// The spikes of a file; where the parameters name no length, it becomes theirs.
Stimulus spikes_from_file(const std::string& path, std::size_t inputs,
                          SleepParameters& parameters) {
  const NpyArray array = read_npy(path);
  if (array.type != "b1" && array.type != "u1") {
    throw FileError(path, "spikes need NumPy's bool or uint8");
  }
  if (array.shape.size() != 2 || array.shape[1] != inputs) {
    throw FileError(path, fmt::format("spikes need the shape [steps x {}], not [{}]", inputs,
                                      fmt::join(array.shape, " x ")));
  }
  if (parameters.steps == 0) parameters.steps = array.shape[0];
  if (parameters.steps > array.shape[0]) {
    throw FileError(path, fmt::format("has {} steps, but the sleep takes {}", array.shape[0],
                                      parameters.steps));
  }
  const std::vector<std::uint8_t> spikes(array.bytes.begin(), array.bytes.end());
  return given_spikes(spikes, inputs);
}

double accuracy_on(const Network& network, const Dataset& data) {
  return measure(data.labels, predict(network, data).answers, network.outputs()).accuracy;
}

// The spikes for the page, where the user does not record: gone with the object.
struct TemporaryRecording {
  std::filesystem::path spikes;
  std::filesystem::path states() const {
    return std::filesystem::path(spikes).replace_extension(".state.npy");
  }
  ~TemporaryRecording() {
    std::error_code ignored;
    if (spikes.empty()) return;
    for (std::filesystem::path file : {spikes, states()}) {
      std::filesystem::remove(file, ignored);
      std::filesystem::remove(file += ".part", ignored);
    }
  }
};

void run(const Options& options, const std::string& command) {
  const CatchInterrupts catching;
  check_writable(options.output);
  if (!options.report.empty()) check_writable(options.report);
  if (!options.trace.empty()) check_writable(options.trace);
  if (!options.record.empty() && std::filesystem::path(options.record).extension() != ".npy") {
    throw ParameterError("record", "the file's name must end in .npy");
  }
  Model model = read_model(options.model);
  Network& network = model.network;
  Recipe recipe = read_recipe(model, options.model);
  SleepParameters parameters = chosen_parameters(options);
  Stimulus stimulus;
  if (!options.input_spikes.empty()) {
    stimulus = spikes_from_file(options.input_spikes, network.inputs(), parameters);
  }
  validate(parameters, network.layers.size());

  // Data serve three ends: the noise's shape, the scale factors, and a look at what sleep did.
  // Given spikes and alpha need none.
  std::optional<Dataset> data;
  std::vector<double> gains = parameters.alpha;
  Json done = {{"stage", "sleep"}};
  SleepPage page{.file = options.report, .command = command, .model = options.model};
  if (!page.file.empty()) page.before = network;
  if (!stimulus || gains.empty() || !options.data.data.empty() || !options.trace.empty() ||
      options.guard.mode != "off") {
    apply(options.data, recipe);
    const Dataset& loaded = data.emplace(load_training_subset(recipe));
    const Prediction before = predict(network, loaded);
    gains = input_gains(parameters, network, before.maxima);
    done["training_accuracy_before"] =
        measure(loaded.labels, before.answers, network.outputs()).accuracy;
    page.training_before = done["training_accuracy_before"].get<double>();
    page.samples = loaded.size();
    if (!stimulus) {
      stimulus = noise_patches(mean_image(loaded), loaded.shape.rows, loaded.shape.columns,
                               parameters, recipe.seed);
    }
  } else if (options.data.seed) {
    recipe.seed = *options.data.seed;
  }
  if (options.guard.mode != "off" && data) {
    const Verdict verdict = judge(options.guard, network, recipe, parameters, *data);
    done["guard"] = to_json(verdict);
    say("guard: {}{}\n", describe(verdict),
        verdict.helps ? "" : fmt::format("; {} is the network as it was", options.output));
    if (!verdict.helps) {
      recipe.history.push_back({{"stage", "sleep"}, {"steps", 0}, {"guard", done["guard"]}});
      write_recipe(model, recipe);
      write_model(options.output, model);
      if (!page.file.empty()) {
        page.guard = done["guard"];
        page.parameters = to_toml(parameters);
        write_sleep_page(page, recipe, nullptr, nullptr);
      }
      done["steps"] = 0;
      done["output"] = options.output;
      if (options.json) fmt::print("{}\n", text_of(done));
      return;
    }
    parameters.steps = verdict.steps;
  }
  const Stopwatch watch;
  SleepReport report;
  std::string trace;
  TemporaryRecording temporary;
  std::string record = options.record;
  std::uint64_t record_steps = options.record_steps;
  if (!page.file.empty() && record.empty()) {
    temporary.spikes = options.report + ".spikes.npy";
    record = temporary.spikes.string();
    constexpr std::uint64_t states_shown = 40;
    record_steps = std::max<std::uint64_t>(1, parameters.steps / states_shown);
  }
  {
    ProgressBar bar("sleep");
    SleepObserver observer;
    observer.progress = [&](std::uint64_t step) {
      bar.show(static_cast<double>(step) / static_cast<double>(parameters.steps),
               fmt::format("step {}", step));
      return interrupted() == 0;
    };
    if (!options.trace.empty() && data) {
      const Dataset& samples = *data;
      trace = fmt::format("step,training_accuracy\n0,{}\n", accuracy_on(network, samples));
      for (std::uint64_t step = options.trace_steps; step <= parameters.steps;
           step += options.trace_steps) {
        observer.checkpoints.push_back(step);
      }
      observer.checkpoint = [&trace, &samples](std::uint64_t step, const Network& so_far) {
        trace += fmt::format("{},{}\n", step, accuracy_on(so_far, samples));
        return interrupted() == 0;
      };
    }
    std::optional<SleepRecorder> recorder;
    if (!record.empty()) recorder.emplace(record, record_steps).attach(observer);
    report = sleep(network, parameters, gains, stimulus, observer);
    if (recorder) recorder->close();
  }
  const double seconds = watch.seconds();
  if (!options.trace.empty()) write_file(options.trace, trace);

  Json stage = {{"stage", "sleep"},
                {"steps", report.steps},
                {"seed", recipe.seed},
                {"parameters", to_toml(parameters)}};
  if (done.contains("guard")) stage["guard"] = done["guard"];
  if (!options.input_spikes.empty()) stage["input_spikes"] = options.input_spikes;
  recipe.history.push_back(stage);
  write_recipe(model, recipe);
  if (report.steps < parameters.steps) {
    const std::string partial = options.output + ".interrupted";
    write_model(partial, model);
    say("interrupted after {} of {} steps; the network so far is in {}\n", report.steps,
        parameters.steps, partial);
    throw Interrupted();
  }
  write_model(options.output, model);

  say("{}: slept {} steps in {:.2f} s\n{}", options.output, report.steps, seconds,
      describe(report, parameters, network));
  done["steps"] = report.steps;
  done["seconds"] = seconds;
  done["alpha"] = gains;
  done["threshold"] = report.thresholds;
  if (!report.calibrated_rates.empty()) done["calibrated_rate"] = report.calibrated_rates;
  done["layers"] = to_json(report);
  if (data) {
    const double after = accuracy_on(network, *data);
    done["training_accuracy_after"] = after;
    say("right on {:.1f}% of the {} training samples, before sleep on {:.1f}%\n", 100 * after,
        data->size(), 100 * done["training_accuracy_before"].get<double>());
    page.training_after = after;
  }
  if (!page.file.empty()) {
    if (done.contains("guard")) page.guard = done["guard"];
    page.parameters = to_toml(parameters);
    page.recording = Recording{.spikes = record, .trace = options.trace, .steps = report.steps};
    for (const auto& counts : report.spike_counts) page.recording->units.push_back(counts.size());
    if (data) {
      page.recording->rows = data->shape.rows;
      page.recording->columns = data->shape.columns;
    }
    write_sleep_page(page, recipe, &network, &report);
  }
  done["output"] = options.output;
  if (options.json) fmt::print("{}\n", text_of(done));
}

}  // namespace

void add_sleep(CLI::App& program, const std::string& command) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = program.add_subcommand("sleep", "Put a network to sleep");
  verb->add_option("model", options->model, "model file")->required();
  add_data_options(*verb, options->data);
  verb->add_option("--params", options->parameters,
                   "parameter file (TOML), or the name of a preset")
      ->required()
      ->type_name("FILE|PRESET");
  verb->add_option("--set", options->settings, "change one parameter; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->add_option("--input-spikes", options->input_spikes,
                   "spikes to drive the sleep with instead of noise: .npy, bool [steps x inputs]")
      ->type_name("FILE.npy");
  verb->add_option("--record", options->record,
                   "record spikes, and states every --record-steps steps, for NumPy "
                   "(docs/recording.md)")
      ->type_name("FILE.npy");
  verb->add_option("--record-steps", options->record_steps, "steps between recorded states")
      ->check(positive_count())
      ->capture_default_str();
  verb->add_option("--trace", options->trace,
                   "write the accuracy on the training samples every --trace-steps steps")
      ->type_name("FILE.csv");
  verb->add_option("--trace-steps", options->trace_steps, "steps between two lines of --trace")
      ->check(positive_count())
      ->capture_default_str();
  add_guard_options(*verb, options->guard);
  if (has_report()) {
    verb->add_option("--report", options->report,
                     "write a page of figures: before and after, on test data where there are "
                     "some, and what happened within")
        ->type_name("FILE.html");
  }
  verb->add_option("-o,--output", options->output, "model file to write")->required();
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nPresets: " + preset_names() +
      "\n\nExample:\n"
      "  hypnos sleep model.safetensors --params authors-fashion-mnist-1pct -o slept.safetensors\n"
      "Example: a model from elsewhere, half as much plasticity\n"
      "  hypnos sleep mine.safetensors --data my-images --params modern-fashion-mnist "
      "--set increment=0.0007 --set decrement=0.00015 -o slept.safetensors\n"
      "Example: only if it helps, by five-fold cross-validation\n"
      "  hypnos sleep model.safetensors --params mine.toml --guard folds -o slept.safetensors");
  verb->callback([options, command] { run(*options, command); });
}

}  // namespace hypnos::cli
