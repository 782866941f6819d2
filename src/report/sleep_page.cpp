#include "report/sleep_page.hpp"

#include <filesystem>

#include "base/atomic_file.hpp"
#include "hypnos/error.hpp"
#include "hypnos/stages.hpp"
#include "report/page.hpp"
#include "report/study_data.hpp"
#include "study/describe_sleep.hpp"
#include "study/machine.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {
namespace {

StoredTrial as_trial(const SleepPage& page, const Recipe& recipe, const Network* after,
                     const SleepReport* report) {
  StoredTrial trial;
  trial.configuration = {{"choices", Json::object()},     {"seed", recipe.seed},
                         {"data", recipe.data},           {"subset", to_json(recipe.subset)},
                         {"parameters", page.parameters}, {"history", to_json(recipe.history)}};
  if (recipe.training) trial.configuration["training"] = to_json(*recipe.training);
  trial.origin = origin_now(page.program);
  trial.outcome.samples = page.samples;
  if (after != nullptr && report != nullptr) {
    trial.outcome.sleep = describe_sleep(page.before, *after, *report);
  }
  Recipe remembered = recipe;
  const auto test = stages::test_data(remembered);
  if (!test) return trial;
  const stages::Measured before = stages::measure_with_responses(page.before, *test);
  trial.outcome.measurements.push_back({before_sleep, before.metrics});
  if (!trial.outcome.sleep) return trial;
  const stages::Measured slept = stages::measure_with_responses(*after, *test);
  trial.outcome.measurements.push_back({after_sleep, slept.metrics});
  for (std::size_t l = 0; l < before.responses.size(); ++l) {
    trial.outcome.sleep->responses.push_back(
        {.before = before.responses[l], .after = slept.responses[l]});
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
               {"program", page.program},
               {"command", page.command},
               {"studies", Json::array({study_data(study, trials)})}};
  data["studies"][0]["script"] = "";  // the page has the command
  data["studies"][0]["groups"][0]["script"] = "";
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

}  // namespace hypnos
