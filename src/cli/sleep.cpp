#include "hypnos/sleep.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/atomic_file.hpp"
#include "base/stopwatch.hpp"
#include "cli/sleep_options.hpp"
#include "cli/sleep_summary.hpp"
#include "cli/verbs.hpp"
#include "data/files_of_call.hpp"
#include "hypnos/error.hpp"
#include "hypnos/presets.hpp"
#include "hypnos/recording.hpp"
#include "hypnos/spike_file.hpp"
#include "hypnos/stages.hpp"
#include "report/sleep_page.hpp"
#include "stages/accuracy_trace.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"
#include "training/recipe_json.hpp"
#include "version/version.hpp"

namespace hypnos::cli {
namespace {

// The spikes of a file; where the parameters name no length, it becomes theirs.
Stimulus spikes_from_file(const std::string& path, std::size_t inputs,
                          SleepParameters& parameters) {
  const GivenSpikes given = read_spikes(path);
  if (given.inputs != inputs) {
    throw FileError(path, fmt::format("spikes need the shape [steps x {}], not [{} x {}]", inputs,
                                      given.steps, given.inputs));
  }
  if (parameters.steps == 0) parameters.steps = given.steps;
  if (parameters.steps > given.steps) {
    throw FileError(
        path, fmt::format("has {} steps, but the sleep takes {}", given.steps, parameters.steps));
  }
  return given_spikes(given.spikes, inputs);
}

// The spikes for the page, where the user does not record. The files are gone with the object;
// those that a call left behind when it was killed, with the next.
class TemporaryRecording {
 public:
  explicit TemporaryRecording(const std::string& page)
      : spikes_(page.empty() ? "" : page + ".hypnos-part.npy") {
    remove();
  }
  TemporaryRecording(const TemporaryRecording&) = delete;
  TemporaryRecording& operator=(const TemporaryRecording&) = delete;
  ~TemporaryRecording() { remove(); }

  std::string spikes() const { return spikes_.string(); }

 private:
  void remove() const {
    if (spikes_.empty()) return;
    std::error_code ignored;
    std::filesystem::remove(spikes_, ignored);
    std::filesystem::remove(state_file(spikes_), ignored);
  }
  std::filesystem::path spikes_;
};

std::string interrupted_name(const std::string& recording) {
  return std::filesystem::path(recording).replace_extension(".interrupted.npy").string();
}

void check_trace(std::uint64_t steps, std::uint64_t every) {
  constexpr std::uint64_t most = 1'000'000;
  if (steps / every <= most) return;
  throw ParameterError("--trace-steps", fmt::format("{} would give {} lines; {} are possible",
                                                    every, steps / every, most));
}

// One call of the verb.
class SleepVerb {
 public:
  SleepVerb(const SleepOptions& options, std::string command)
      : options_(options), temporary_(options.report) {
    page_.file = options.report;
    page_.program = version();
    page_.command = std::move(command);
    page_.model = options.model;
  }

  void run() {
    check_outputs();
    load();
    if (data_ && options_.guard.mode != "off" && !is_let_sleep(*data_)) {
      refuse();
    } else {
      sleep();
      write_model_as(options_.output);
      finish();
    }
    done_["output"] = options_.output;
    if (options_.json) fmt::print("{}\n", text_of(done_));
  }

 private:
  void check_outputs() const {
    check_writable(options_.output);
    if (!options_.report.empty()) check_writable(options_.report);
    if (!options_.trace.empty()) check_writable(options_.trace);
    if (!options_.record.empty() && std::filesystem::path(options_.record).extension() != ".npy") {
      throw ParameterError("record", "the file's name must end in .npy");
    }
    if (!options_.record.empty()) check_writable(options_.record);
  }

  void check_files() const {
    Files files;
    files.read = {{"the model", options_.model},
                  {"--params", options_.parameters},
                  {"--input-spikes", options_.input_spikes}};
    add_data_files(files, trained_.recipe.data);
    add_data_files(files, options_.guard.holdout);
    add_model_output(files, options_.output, "the model");
    files.written.push_back({"--report", options_.report});
    files.written.push_back({"--trace", options_.trace});
    if (!options_.record.empty()) {
      files.written.push_back({"--record", options_.record});
      files.written.push_back({"--record (its states)", state_file(options_.record)});
      const std::string interrupted = interrupted_name(options_.record);
      files.written.push_back({"--record, if it is interrupted,", interrupted});
      files.written.push_back(
          {"--record (its states), if it is interrupted,", state_file(interrupted)});
    }
    check_files_differ(files);
  }

  void load() {
    model_ = read_model(options_.model, options_.reading);
    trained_ = {.network = model_.network, .recipe = read_recipe(model_, options_.model)};
    SleepParameters& parameters = request_.parameters;
    parameters = load_parameters(options_.parameters);
    for (const std::string& setting : options_.settings) apply_setting(parameters, setting);
    if (!options_.input_spikes.empty()) {
      request_.spikes =
          spikes_from_file(options_.input_spikes, trained_.network.inputs(), parameters);
      request_.spikes_name = options_.input_spikes;
    }
    validate(parameters, trained_.network.layers.size());
    if (!options_.trace.empty()) check_trace(parameters.steps, options_.trace_steps);
    if (needs_data()) {
      apply(options_.data, trained_.recipe);
      data_ = stages::training_data(trained_.recipe);
      page_.samples = data_->size();
    } else if (options_.data.seed) {
      trained_.recipe.seed = *options_.data.seed;
    }
    check_files();
    if (!page_.file.empty()) page_.before = trained_.network;
  }

  // Given spikes and gains need no data.
  bool needs_data() const {
    return !request_.spikes ||
           !std::holds_alternative<GivenGains>(request_.parameters.input_gain) ||
           !options_.data.data.empty() || !options_.trace.empty() || options_.guard.mode != "off";
  }

  bool is_let_sleep(const Dataset& data) {
    const Judged judged = judge(options_.guard, trained_, request_.parameters, data);
    const Verdict& verdict = judged.verdict;
    request_.guard = judged.note;
    done_["guard"] = page_.guard = to_json(judged.note);
    say("guard: {}{}\n", describe(judged),
        verdict.helps ? "" : fmt::format("; {} is the network as it was", options_.output));
    if (verdict.helps) {
      request_.parameters.steps = verdict.steps;
    } else {
      stages::note_refusal(trained_.recipe, judged.note);
    }
    return verdict.helps;
  }

  void refuse() {
    write_model_as(options_.output);
    if (!page_.file.empty()) {
      page_.parameters = to_toml(request_.parameters);
      write_sleep_page(page_, trained_.recipe, nullptr, nullptr);
    }
    done_["steps"] = 0;
  }

  void sleep() {
    const Stopwatch watch;
    watch_sleep();
    try {
      Watch bar("sleep");
      result_ = stages::sleep(trained_, data_ ? &*data_ : nullptr, request_,
                              bar.with_threads(all_threads()));
    } catch (const SleepStopped& stopped) {
      keep_what_there_is(stopped.so_far.steps);
      throw;
    }
    seconds_ = watch.seconds();
  }

  // Has the sleep traced and recorded, as far as that was asked for.
  void watch_sleep() {
    const std::uint64_t steps = request_.parameters.steps;
    if (!options_.trace.empty() && data_) {
      trace_.emplace(trained_.network, *data_, stop_when_interrupted())
          .attach(request_.observer, options_.trace_steps, steps);
    }
    std::uint64_t record_steps = options_.record_steps;
    record_ = options_.record;
    if (!page_.file.empty() && record_.empty()) {
      constexpr std::uint64_t states_shown = 40;
      record_ = temporary_.spikes();
      record_steps = std::max<std::uint64_t>(1, steps / states_shown);
    }
    if (!record_.empty()) recorder_.emplace(record_, record_steps).attach(request_.observer);
  }

  // After Ctrl-C.
  void keep_what_there_is(std::uint64_t steps) {
    const std::string partial = options_.output + ".interrupted";
    write_model_as(partial);
    say("interrupted after {} of {} steps; the network so far is in {}\n", steps,
        request_.parameters.steps, partial);
    if (!recorder_ || options_.record.empty()) return;  // that for the page is of no use now
    recorder_->close_as(interrupted_name(options_.record));
    say("the recording so far is in {}\n", interrupted_name(options_.record));
  }

  // The model is written before these: a disk that they fill costs no sleep.
  void write_recording() {
    if (recorder_) recorder_->close();
    if (trace_) write_file(options_.trace, trace_->text());
  }

  void write_model_as(const std::string& file) {
    model_.network = trained_.network;
    write_recipe(model_, trained_.recipe);
    write_model(file, model_);
    written_ = as_written(model_);
  }

  void finish() {
    const SleepReport& report = result_.report;
    say("{}: slept {} steps in {:.2f} s\n{}", options_.output, report.steps, seconds_,
        describe(report, request_.parameters, trained_.network));
    done_["steps"] = report.steps;
    done_["seconds"] = seconds_;
    done_["alpha"] = result_.gains;
    done_["threshold"] = report.thresholds;
    if (!report.calibrated_rates.empty()) done_["calibrated_rate"] = report.calibrated_rates;
    done_["layers"] = layers_json(report);
    if (data_ && result_.accuracy_before) compare_accuracy(*data_, *result_.accuracy_before);
    write_recording();
    if (!page_.file.empty()) write_page();
  }

  void compare_accuracy(const Dataset& data, double before) {
    const double after =
        stages::measure(written_, data,
                        {.threads = all_threads(), .progress = stop_when_interrupted()})
            .metrics.accuracy;
    done_["training_accuracy_before"] = page_.training_before.emplace(before);
    done_["training_accuracy_after"] = page_.training_after.emplace(after);
    say("right on {:.1f}% of the {} training samples, before sleep on {:.1f}%\n", 100 * after,
        data.size(), 100 * before);
    if (after < before) {
      say("note: fewer than before; hypnos tune finds a sleep that fits, and --guard judges one\n");
    }
  }

  void write_page() {
    const SleepReport& report = result_.report;
    page_.parameters = to_toml(request_.parameters);
    page_.recording = Recording{.spikes = record_, .trace = options_.trace, .steps = report.steps};
    for (const auto& counts : report.spike_counts) page_.recording->units.push_back(counts.size());
    if (data_) {
      page_.recording->rows = data_->shape.rows;
      page_.recording->columns = data_->shape.columns;
    }
    write_sleep_page(page_, trained_.recipe, &written_, &report);
  }

  const SleepOptions& options_;
  Model model_;
  TrainedNetwork trained_;
  Network written_;  // as the output has it: what is reported is what that does
  std::optional<Dataset> data_;
  stages::SleepRequest request_;
  stages::SleepResult result_;
  double seconds_ = 0;
  SleepPage page_;
  TemporaryRecording temporary_;
  std::string record_;
  std::optional<SleepRecorder> recorder_;
  std::optional<AccuracyTrace> trace_;
  Json done_ = {{"stage", "sleep"}};
};

}  // namespace

void add_sleep(CLI::App& program, const std::string& command) {
  auto options = std::make_shared<SleepOptions>();
  CLI::App* verb = program.add_subcommand("sleep", "Put a network to sleep");
  add_sleep_options(*verb, *options);
  verb->callback([options, command] {
    const CatchInterrupts catching;
    SleepVerb(*options, command).run();
  });
}

}  // namespace hypnos::cli
