#include "cli/sleep_page.hpp"

#include <filesystem>

#include "base/atomic_file.hpp"
#include "cli/version.hpp"
#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/prediction.hpp"
#include "report/page.hpp"
#include "report/study_data.hpp"
#include "study/machine.hpp"
#include "study/run_trial.hpp"

namespace hypnos::cli {
namespace {

// Data of one's own may have no test half.
std::optional<Dataset> test_data(const Recipe& recipe) {
  if (recipe.data.empty()) return {};
  try {
    return load(recipe.data, Split::test);
  } catch (const InputError&) {
    return {};
  }
}

Metrics metrics_on(const Network& network, const Dataset& data) {
  return measure(data.labels, predict(network, data).answers, network.outputs());
}

StoredTrial as_trial(const SleepPage& page, const Recipe& recipe, const Network* after,
                     const SleepReport* report) {
  StoredTrial trial;
  trial.configuration = {{"choices", Json::object()},     {"seed", recipe.seed},
                         {"data", recipe.data},           {"subset", to_json(recipe.subset)},
                         {"parameters", page.parameters}, {"history", recipe.history}};
  if (recipe.training) trial.configuration["training"] = to_json(*recipe.training);
  trial.origin = {.program = version(), .machine = machine(), .finished = time_now()};
  trial.outcome.samples = page.samples;
  if (const auto test = test_data(recipe)) {
    trial.outcome.measurements.push_back({before_sleep, metrics_on(page.before, *test)});
    if (after != nullptr) {
      trial.outcome.measurements.push_back({after_sleep, metrics_on(*after, *test)});
    }
  }
  if (after != nullptr && report != nullptr) {
    trial.outcome.sleep = sleep_outcome(page.before, *after, *report);
  }
  return trial;
}

}  // namespace

void write_sleep_page(const SleepPage& page, const Recipe& recipe, const Network* after,
                      const SleepReport* report) {
  const std::vector<StoredTrial> trials = {as_trial(page, recipe, after, report)};
  const Study study{.name = std::filesystem::path(page.model).filename().string(),
                    .answers = {},
                    .plan = {},
                    .planned = 1,
                    .done = 1};
  Json data = {{"kind", "sleep"},
               {"source", page.model},
               {"program", version()},
               {"command", page.command},
               {"studies", Json::array({study_data(study, trials)})}};
  data["studies"][0]["groups"][0]["script"] = "";  // the page has the command
  if (!page.guard.is_null()) data["guard"] = page.guard;
  if (page.training_before && page.training_after) {
    data["training"] = {{"before", *page.training_before},
                        {"after", *page.training_after},
                        {"samples", page.samples}};
  }
  if (page.recording && report != nullptr) {
    data["recording"] = recording_data(*page.recording);
    data["recording"]["source"] = page.recording->spikes.filename().string();
  }
  write_file(page.file, page_with(data));
}

}  // namespace hypnos::cli
