#include "hypnos/trial_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/json.hpp"
#include "data/checksum.hpp"
#include "hypnos/error.hpp"
#include "hypnos/json.hpp"

namespace hypnos {
namespace {

std::string group_id(Json configuration) {
  configuration.erase("seed");
  configuration.erase("choices");
  if (configuration.contains("subset")) configuration["subset"].erase("seed");
  return sha256(text_of(configuration));
}

bool has_key(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// The choices that say what a group is called and what it is trained on.
constexpr std::array<std::string_view, 5> naming_keys = {"name", "data", "fraction", "per_class",
                                                         "keep"};

Json with_name(const Json& choices, const std::string& name) {
  if (name.empty()) return choices;
  Json named = {{"name", name}};
  named.update(choices);
  return named;
}

Json data_of(const TrialGroup& group) {
  Json data = Json::array();
  for (const std::string_view key : naming_keys) {
    if (key != "name") data.push_back(group.choices.value(key, Json()));
  }
  return data;
}

void sort_by_data(std::vector<TrialGroup>& groups) {
  std::vector<std::pair<Json, std::size_t>> places;
  places.reserve(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) places.emplace_back(data_of(groups[g]), g);
  std::sort(places.begin(), places.end());
  std::vector<TrialGroup> sorted;
  sorted.reserve(groups.size());
  for (const auto& place : places) sorted.push_back(std::move(groups[place.second]));
  groups = std::move(sorted);
}

bool is_naming(const std::string& key) {
  return std::find(naming_keys.begin(), naming_keys.end(), key) != naming_keys.end();
}

// Whether name and data tell all groups apart.
bool names_suffice(std::span<const TrialGroup> groups) {
  std::set<std::string> known;
  return std::all_of(groups.begin(), groups.end(), [&](const TrialGroup& group) {
    return group.choices.contains("name") &&
           known.insert(text_of({group.choices["name"], data_of(group)})).second;
  });
}

}  // namespace

std::vector<TrialGroup> group_by_configuration(std::span<const StoredTrial> trials) {
  std::vector<TrialGroup> groups;
  std::map<std::string, std::size_t> place;
  for (const StoredTrial& trial : trials) {
    const std::string id = group_id(trial.configuration);
    const auto [found, is_new] = place.emplace(id, groups.size());
    if (is_new) {
      groups.push_back({.choices = with_name(trial.configuration.at("choices"), trial.name),
                        .id = id,
                        .trials = {}});
    }
    groups[found->second].trials.push_back(&trial);
  }
  for (TrialGroup& group : groups) {
    std::sort(group.trials.begin(), group.trials.end(), [](const auto* a, const auto* b) {
      return a->configuration.at("seed") < b->configuration.at("seed");
    });
  }
  if (std::any_of(groups.begin(), groups.end(),
                  [](const TrialGroup& group) { return group.choices.contains("name"); })) {
    sort_by_data(groups);
  } else {
    std::sort(groups.begin(), groups.end(),
              [](const TrialGroup& a, const TrialGroup& b) { return a.choices < b.choices; });
  }
  return groups;
}

Columns columns_of(std::span<const TrialGroup> groups) {
  std::vector<std::string> keys;
  for (const TrialGroup& group : groups) {
    for (const auto& [key, value] : group.choices.items()) {
      if (!has_key(keys, key)) keys.push_back(key);
    }
  }
  const bool named = names_suffice(groups);
  Columns columns;
  for (const std::string& key : keys) {
    const auto value = [&](const TrialGroup& group) { return group.choices.value(key, Json()); };
    const bool constant = std::all_of(groups.begin(), groups.end(), [&](const TrialGroup& group) {
      return value(group) == value(groups.front());
    });
    if (constant) {
      columns.constant.push_back(key);
    } else if (!named || is_naming(key)) {
      columns.varying.push_back(key);
    }
  }
  return columns;
}

std::string choice_text(const Json& choice) {
  if (choice.is_null()) return "";
  if (choice.is_string()) return choice.get<std::string>();
  if (!choice.is_array()) return text_of(choice);
  std::string list;
  for (const Json& element : choice) {
    if (!list.empty()) list += ',';
    list += text_of(element);
  }
  return list;
}

namespace {

TrialMeasure probability(std::optional<double> (*of)(const ProbabilityMetrics&)) {
  return [of](const StoredTrial&, const Measurement& measurement) -> std::optional<double> {
    const auto& probabilities = measurement.metrics.probabilities;
    return probabilities ? of(*probabilities) : std::nullopt;
  };
}

}  // namespace

TrialMeasure measure_of(double Metrics::* field) {
  return [field](const StoredTrial&, const Measurement& measurement) {
    return measurement.metrics.*field;
  };
}

TrialMeasure cut_recall() {
  return [](const StoredTrial& trial, const Measurement& measurement) -> std::optional<double> {
    const Json subset = trial.configuration.value("subset", Json::object());
    const Json keep = subset.value("keep", Json::object());
    std::vector<double> recalls;
    for (const auto& [label, part] : keep.items()) {
      if (part.get<double>() >= 1) continue;
      recalls.push_back(measurement.metrics.per_class.at(std::stoul(label)).recall);
    }
    if (recalls.empty()) return {};
    return summarize(recalls).mean;
  };
}

TrialMeasure find_measure(const std::string& name) {
  const std::size_t at = name.find('@');
  const auto found = named_measures().find(name.substr(0, at));
  if (found == named_measures().end()) {
    throw ParameterError("measure", fmt::format("there is none of the name {}", name));
  }
  if (at == std::string::npos) return found->second;
  if (found->first == "cut_recall") {
    throw ParameterError("measure", "cut_recall is not known under distortions");
  }
  return [plain = found->second, under = name.substr(at + 1)](
             const StoredTrial& trial, const Measurement& measurement) -> std::optional<double> {
    std::vector<double> values;
    for (const DistortedMetrics& d : measurement.distorted) {
      if (under != "distorted" && under != d.distortion) continue;
      const auto value = plain(trial, {.moment = {}, .metrics = d.metrics});
      if (value) values.push_back(*value);
    }
    if (values.empty()) return {};
    return summarize(values).mean;
  };
}

std::vector<double> values_at(const TrialGroup& group, const std::string& moment,
                              const TrialMeasure& measure) {
  std::vector<double> values;
  for (const StoredTrial* trial : group.trials) {
    const Measurement* measurement = trial->outcome.measurement_at(moment);
    if (measurement == nullptr) continue;
    if (const auto value = measure(*trial, *measurement)) values.push_back(*value);
  }
  return values;
}

Improvement improvement_between(const TrialGroup& group, const std::string& before,
                                const std::string& after, const TrialMeasure& measure) {
  std::vector<double> old_values;
  std::vector<double> new_values;
  for (const StoredTrial* trial : group.trials) {
    const Measurement* first = trial->outcome.measurement_at(before);
    const Measurement* second = trial->outcome.measurement_at(after);
    if (first == nullptr || second == nullptr) continue;
    const auto old_value = measure(*trial, *first);
    const auto new_value = measure(*trial, *second);
    if (!old_value || !new_value) continue;
    old_values.push_back(*old_value);
    new_values.push_back(*new_value);
  }
  const auto gains = paired_differences(new_values, old_values);
  return {.summary = summarize(gains), .interval = mean_interval(gains)};
}

const std::map<std::string, TrialMeasure>& named_measures() {
  static const std::map<std::string, TrialMeasure> all = {
      {"accuracy", measure_of(&Metrics::accuracy)},
      {"balanced_accuracy", measure_of(&Metrics::balanced_accuracy)},
      {"macro_f1", measure_of(&Metrics::macro_f1)},
      {"geometric_mean", measure_of(&Metrics::geometric_mean)},
      {"worst_recall", measure_of(&Metrics::worst_recall)},
      {"cross_entropy",
       probability([](const ProbabilityMetrics& p) { return std::optional(p.cross_entropy); })},
      {"calibration_error",
       probability([](const ProbabilityMetrics& p) { return std::optional(p.calibration_error); })},
      {"roc_area", probability([](const ProbabilityMetrics& p) { return p.roc_area; })},
      {"cut_recall", cut_recall()}};
  return all;
}

}  // namespace hypnos
