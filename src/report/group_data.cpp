#include "report/group_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/rounded.hpp"
#include "report/sleep_data.hpp"

namespace hypnos {
namespace {

// Mean over the trials that have this moment of what `pick` takes from each.
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

Json moments_of(const Group& group) {
  Json moments = Json::object();
  for (const char* moment : {before_sleep, after_sleep, after_finetuning, control}) {
    std::vector<const Metrics*> metrics;
    for (const StoredTrial* trial : group.trials) {
      if (const Metrics* m = trial->outcome.at(moment)) metrics.push_back(m);
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

Json gains_of(const Group& group) {
  Json gains = Json::array();
  for (const auto& [from, to] : report_steps) {
    Json gain = {{"from", from}, {"to", to}};
    for (const auto& [name, measure] : report_measures) {
      const Gain found = gain_between(group, from, to, measure_of(measure));
      if (found.summary.n == 0) break;
      gain["measures"][name] = summary_data(found.summary);
      gain["measures"][name]["low"] = rounded(found.interval.low);
      gain["measures"][name]["high"] = rounded(found.interval.high);
    }
    if (gain.contains("measures")) gains.push_back(std::move(gain));
  }
  return gains;
}

std::uint64_t mean_steps(const std::vector<const SleepOutcome*>& sleeps) {
  std::uint64_t sum = 0;
  for (const SleepOutcome* sleep : sleeps) sum += sleep->steps;
  return sum / sleeps.size();
}

void add_sleep(Json& json, const Group& group) {
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
}

}  // namespace

Json group_data(const Group& group, const Histograms& histograms) {
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
               {"gains", gains_of(group)}};
  for (const char* key : {"choices", "seed"}) configuration.erase(key);
  json["configuration"] = std::move(configuration);
  add_sleep(json, group);
  if (histograms) json["histograms"] = histogram_data(group, histograms);
  return json;
}

}  // namespace hypnos
