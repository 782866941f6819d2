#include "report/group_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/rounded.hpp"
#include "report/script.hpp"

namespace hypnos {
namespace {

Json to_json(const Summary& summary) {
  return {
      {"n", summary.n}, {"mean", rounded(summary.mean)}, {"deviation", rounded(summary.deviation)}};
}

// "fashion-mnist · 0.01"; of the parts of the data as percent.
std::string label_of(const Group& group, const std::vector<std::string>& varying) {
  std::string label;
  const auto add = [&](const std::string& part) { label += (label.empty() ? "" : " · ") + part; };
  for (const std::string& key : varying) {
    // The sleep of a size of data goes by that size; where it alone tells groups apart it is named.
    const bool follows = key == "sleep" && varying.size() > 1;
    const Json value = group.choices.value(key, Json());
    if (value.is_null() || follows) continue;
    if (key == "fraction" && value.is_number()) {
      add(fmt::format("{:.6g}%", 100 * value.get<double>()));
    } else if (value.is_string()) {
      add(show(value));
    } else {
      add(key + " " + show(value));
    }
  }
  return label.empty() ? "all" : label;
}

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
      Json& measured = at["measures"][name];
      measured = to_json(over(metrics, [&](const Metrics& m) { return m.*measure; }));
      for (const Metrics* m : metrics) measured["values"].push_back(rounded(m->*measure));
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
      gain["measures"][name] = to_json(found.summary);
      gain["measures"][name]["low"] = rounded(found.interval.low);
      gain["measures"][name]["high"] = rounded(found.interval.high);
    }
    if (gain.contains("measures")) gains.push_back(std::move(gain));
  }
  return gains;
}

using Sleeps = std::vector<const SleepOutcome*>;

template <typename Pick>
Summary over_sleeps(const Sleeps& sleeps, const Pick& pick) {
  std::vector<double> values;
  values.reserve(sleeps.size());
  for (const SleepOutcome* sleep : sleeps) values.push_back(pick(*sleep));
  return summarize(values);
}

Json weights_at(const Sleeps& sleeps, std::size_t layer, WeightSummary LayerWeights::* moment) {
  Json json;
  const auto add = [&](const char* name, double WeightSummary::* field) {
    json[name] = rounded(over_sleeps(sleeps, [&](const SleepOutcome& sleep) {
                           return sleep.weights[layer].*moment.*field;
                         }).mean);
  };
  add("mean", &WeightSummary::mean);
  add("deviation", &WeightSummary::deviation);
  add("low", &WeightSummary::low);
  add("high", &WeightSummary::high);
  add("positive", &WeightSummary::positive);
  add("sparsity", &WeightSummary::sparsity);
  return json;
}

// Parts of all weights into the layer: units times units below.
Json changes_of(const Sleeps& sleeps, std::size_t layer, std::size_t WeightChange::* kind) {
  return to_json(over_sleeps(sleeps, [&](const SleepOutcome& sleep) {
    const auto weights = static_cast<double>(sleep.activity[layer].units) *
                         static_cast<double>(sleep.activity[layer + 1].units);
    return static_cast<double>(sleep.weights[layer].change.*kind) / weights;
  }));
}

// [layers + 1], the input first.
Json layers_of(const Sleeps& sleeps) {
  Json layers = Json::array();
  for (std::size_t l = 0; l < sleeps.front()->activity.size(); ++l) {
    Json layer = {{"units", sleeps.front()->activity[l].units},
                  {"rate", to_json(over_sleeps(sleeps, [&](const SleepOutcome& sleep) {
                     return sleep.activity.at(l).rate;
                   }))}};
    if (l > 0) {
      layer["threshold"] = rounded(over_sleeps(sleeps, [&](const SleepOutcome& sleep) {
                                     return sleep.activity[l].threshold.value_or(NAN);
                                   }).mean);
      layer["before"] = weights_at(sleeps, l - 1, &LayerWeights::before);
      layer["after"] = weights_at(sleeps, l - 1, &LayerWeights::after);
      layer["strengthened"] = changes_of(sleeps, l - 1, &WeightChange::strengthened);
      layer["weakened"] = changes_of(sleeps, l - 1, &WeightChange::weakened);
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

// Of the first trial that has some: seeds need not have the same bins.
Json histograms_of(const Group& group, const Histograms& histograms) {
  Json found = Json::array();
  for (const StoredTrial* trial : group.trials) {
    for (const HistogramBin& bin : histograms(trial->id)) {
      found.push_back({{"moment", bin.moment},
                       {"layer", bin.layer},
                       {"low", rounded(bin.low)},
                       {"high", rounded(bin.high)},
                       {"count", bin.count}});
    }
    if (!found.empty()) break;
  }
  return found;
}

void add_sleep(Json& json, const Group& group) {
  Sleeps sleeps;
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
  json["sleep"] = {{"n", sleeps.size()},
                   {"ends", ends},
                   {"steps", rounded(over_sleeps(sleeps, [](const SleepOutcome& sleep) {
                                       return static_cast<double>(sleep.steps);
                                     }).mean)}};
  json["layers"] = layers_of(sleeps);
}

}  // namespace

Json group_data(const Group& group, const std::vector<std::string>& varying,
                const Histograms& histograms) {
  const StoredTrial& first = *group.trials.front();
  Json seeds = Json::array();
  for (const StoredTrial* trial : group.trials) {
    seeds.push_back(trial->configuration.value("seed", Json(1)));
  }
  Json configuration = first.configuration;
  Json json = {{"label", label_of(group, varying)}, {"id", group.id.substr(0, 8)},
               {"choices", group.choices},          {"seeds", seeds},
               {"samples", first.outcome.samples},  {"program", first.origin.program},
               {"machine", first.origin.machine},   {"moments", moments_of(group)},
               {"gains", gains_of(group)},          {"script", script_of(configuration)}};
  for (const char* key : {"choices", "seed"}) configuration.erase(key);
  json["configuration"] = std::move(configuration);
  add_sleep(json, group);
  if (histograms) json["histograms"] = histograms_of(group, histograms);
  return json;
}

}  // namespace hypnos
