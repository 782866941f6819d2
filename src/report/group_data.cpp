#include "report/group_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json.hpp"
#include "report/distorted_data.hpp"
#include "report/rounded.hpp"
#include "report/sequence_data.hpp"
#include "report/sleep_data.hpp"
#include "results/sequence_numbers.hpp"

namespace hypnos {
namespace {

// Mean and deviation of a number that `pick` takes from the metrics of each trial.
template <typename Pick>
Summary over(const std::vector<const Metrics*>& metrics, const Pick& pick) {
  std::vector<double> values;
  values.reserve(metrics.size());
  for (const Metrics* m : metrics) values.push_back(pick(*m));
  return summarize(values);
}

Json classes_of(const std::vector<const Metrics*>& metrics) {
  Json classes = Json::array();
  for (std::size_t c = 0; c < metrics.front()->per_class.size(); ++c) {
    const Summary recall =
        over(metrics, [&](const Metrics& m) { return m.per_class.at(c).recall; });
    const Summary answered = over(
        metrics, [&](const Metrics& m) { return static_cast<double>(m.per_class.at(c).answered); });
    classes.push_back({{"samples", metrics.front()->per_class[c].samples},
                       {"answered", rounded(answered.mean)},
                       {"recall", rounded(recall.mean)},
                       {"deviation", rounded(recall.deviation)}});
  }
  return classes;
}

Json confusion_of(const std::vector<const Metrics*>& metrics) {
  const std::size_t classes = metrics.front()->confusion.classes;
  Json rows = Json::array();
  for (std::size_t truth = 0; truth < classes; ++truth) {
    Json row = Json::array();
    for (std::size_t answer = 0; answer < classes; ++answer) {
      row.push_back(rounded(over(metrics, [&](const Metrics& m) {
                              return static_cast<double>(m.confusion.at(truth, answer));
                            }).mean));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Json moments_of(const TrialGroup& group) {
  Json moments = Json::object();
  for (const char* moment : {before_sleep, after_sleep, after_finetuning, control}) {
    std::vector<const Metrics*> metrics;
    for (const StoredTrial* trial : group.trials) {
      if (const Metrics* m = trial->outcome.metrics_at(moment)) metrics.push_back(m);
    }
    if (metrics.empty()) continue;
    Json& at = moments[moment];
    for (const auto& [name, measure] : report_measures) {
      at["measures"][name] =
          summary_data(over(metrics, [&](const Metrics& m) { return m.*measure; }));
    }
    at["classes"] = classes_of(metrics);
    at["confusion"] = confusion_of(metrics);
  }
  return moments;
}

Json gains_of(const GroupImprovements& improvements) {
  Json gains = Json::array();
  for (std::size_t s = 0; s < report_steps.size(); ++s) {
    if (improvements.at(s).front().summary.n == 0) continue;
    Json gain = {{"from", report_steps.at(s).from}, {"to", report_steps.at(s).to}};
    for (std::size_t m = 0; m < report_measures.size(); ++m) {
      const Improvement& found = improvements.at(s).at(m);
      Json& measure = gain["measures"][report_measures.at(m).name];
      measure = summary_data(found.summary, found.interval);
    }
    gains.push_back(std::move(gain));
  }
  return gains;
}

std::uint64_t mean_steps(const std::vector<const SleepOutcome*>& sleeps) {
  std::uint64_t sum = 0;
  for (const SleepOutcome* sleep : sleeps) sum += sleep->steps;
  return sum / sleeps.size();
}

void add_sleep(Json& json, const TrialGroup& group) {
  std::vector<const SleepOutcome*> sleeps;
  std::map<std::string, std::size_t> ends;
  std::set<std::string> failures;
  for (const StoredTrial* trial : group.trials) {
    if (!trial->outcome.failure.empty()) failures.insert(trial->outcome.failure);
    if (!trial->outcome.sleep) continue;
    sleeps.push_back(&*trial->outcome.sleep);
    ++ends[trial->outcome.sleep->end];
  }
  json["failures"] = failures;
  if (sleeps.empty()) return;
  json["sleep"] = {{"n", sleeps.size()}, {"ends", ends}, {"steps", mean_steps(sleeps)}};
  json["layers"] = layers_data(sleeps);
  json["histograms"] = histogram_data(sleeps);
}

}  // namespace

GroupImprovements improvements_of(const TrialGroup& group, const Progress& progress) {
  GroupImprovements all;
  if (is_sequence(group)) return all;
  for (std::size_t s = 0; s < report_steps.size(); ++s) {
    for (std::size_t m = 0; m < report_measures.size(); ++m) {
      progress.tell(static_cast<double>(s) / report_steps.size());
      all.at(s).at(m) = improvement_between(group, report_steps.at(s).from, report_steps.at(s).to,
                                            measure_of(report_measures.at(m).measure));
    }
  }
  return all;
}

Json group_data(const TrialGroup& group, const GroupImprovements& improvements) {
  const StoredTrial& first = *group.trials.front();
  Json seeds = Json::array();
  for (const StoredTrial* trial : group.trials) {
    seeds.push_back(trial->configuration.value("seed", Json(1)));
  }
  Json configuration = first.configuration;
  Json json = {{"id", group.id.substr(0, 8)},
               {"choices", group.choices},
               {"seeds", seeds},
               {"samples", first.outcome.samples},
               {"program", first.origin.program},
               {"machine", first.origin.machine},
               {"moments", moments_of(group)},
               {"gains", gains_of(improvements)}};
  for (const char* key : {"choices", "seed"}) configuration.erase(key);
  json["configuration"] = std::move(configuration);
  add_sleep(json, group);
  Json sequence = sequence_data(group);
  if (!sequence.is_null()) json["sequence"] = std::move(sequence);
  Json distorted = distorted_data(group);
  if (!distorted.is_null()) json["distorted"] = std::move(distorted);
  return json;
}

}  // namespace hypnos
