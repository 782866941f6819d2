#include "cli/sleep_page.hpp"

#include <filesystem>

#include "base/atomic_file.hpp"
#include "cli/version.hpp"
#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/prediction.hpp"
#include "hypnos/response_summary.hpp"
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

struct Measured {
  Metrics metrics;
  std::vector<ResponseSummary> responses;  // [layers]
};

Measured measure_on(const Network& network, const Dataset& data) {
  std::vector<ResponseStatistics> statistics;
  statistics.reserve(network.layers.size());
  for (const Layer& layer : network.layers) statistics.emplace_back(layer.outputs, data.classes);
  const auto answers =
      predict(network, data,
              [&](std::size_t layer, std::size_t first, std::span<const float> responses) {
                const std::size_t samples = responses.size() / network.layers[layer].outputs;
                statistics[layer].add(responses, std::span(data.labels).subspan(first, samples));
              })
          .answers;
  Measured measured{.metrics = measure(data.labels, answers, network.outputs()), .responses = {}};
  for (const ResponseStatistics& of_layer : statistics) {
    measured.responses.push_back(of_layer.summary());
  }
  return measured;
}

// As the database keeps them.
std::vector<HistogramBin> histograms_of(const SleepOutcome& sleep) {
  std::vector<HistogramBin> bins;
  const auto add = [&](const char* moment, std::size_t layer, const WeightHistogram& histogram) {
    const double width =
        (histogram.high - histogram.low) / static_cast<double>(histogram.counts.size());
    for (std::size_t b = 0; b < histogram.counts.size(); ++b) {
      const double low = histogram.low + width * static_cast<double>(b);
      bins.push_back({.moment = moment,
                      .layer = layer,
                      .low = low,
                      .high = low + width,
                      .count = static_cast<double>(histogram.counts[b])});
    }
  };
  for (std::size_t l = 0; l < sleep.weights.size(); ++l) {
    add(before_sleep, l + 1, sleep.weights[l].histogram_before);
    add(after_sleep, l + 1, sleep.weights[l].histogram_after);
  }
  return bins;
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
  if (after != nullptr && report != nullptr) {
    trial.outcome.sleep = sleep_outcome(page.before, *after, *report);
  }
  const auto test = test_data(recipe);
  if (!test) return trial;
  const Measured before = measure_on(page.before, *test);
  trial.outcome.measurements.push_back({before_sleep, before.metrics});
  if (!trial.outcome.sleep) return trial;
  const Measured slept = measure_on(*after, *test);
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
  const Histograms histograms = [&](const std::string&) {
    const auto& sleep = trials.front().outcome.sleep;
    return sleep ? histograms_of(*sleep) : std::vector<HistogramBin>();
  };
  Json data = {{"kind", "sleep"},
               {"source", page.model},
               {"program", version()},
               {"command", page.command},
               {"studies", Json::array({study_data(study, trials, histograms)})}};
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
