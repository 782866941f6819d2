#include "study/groups.hpp"

#include <algorithm>
#include <map>

#include "data/checksum.hpp"

namespace hypnos {
namespace {

std::string group_id(Json configuration) {
  configuration.erase("seed");
  configuration.erase("choices");
  configuration["subset"].erase("seed");
  return sha256(text_of(configuration));
}

bool has_key(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

std::vector<Group> group_by_configuration(std::span<const StoredTrial> trials) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> place;
  for (const StoredTrial& trial : trials) {
    const std::string id = group_id(trial.configuration);
    const auto [found, is_new] = place.emplace(id, groups.size());
    if (is_new) {
      groups.push_back({.choices = trial.configuration.at("choices"), .id = id, .trials = {}});
    }
    groups[found->second].trials.push_back(&trial);
  }
  for (Group& group : groups) {
    std::sort(group.trials.begin(), group.trials.end(), [](const auto* a, const auto* b) {
      return a->configuration.at("seed") < b->configuration.at("seed");
    });
  }
  std::sort(groups.begin(), groups.end(),
            [](const Group& a, const Group& b) { return a.choices < b.choices; });
  return groups;
}

Columns columns_of(std::span<const Group> groups) {
  std::vector<std::string> keys;
  for (const Group& group : groups) {
    for (const auto& [key, value] : group.choices.items()) {
      if (!has_key(keys, key)) keys.push_back(key);
    }
  }
  Columns columns;
  for (const std::string& key : keys) {
    const auto value = [&](const Group& group) { return group.choices.value(key, Json()); };
    const bool constant = std::all_of(groups.begin(), groups.end(), [&](const Group& group) {
      return value(group) == value(groups.front());
    });
    (constant ? columns.constant : columns.varying).push_back(key);
  }
  return columns;
}

std::string show(const Json& choice) {
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

std::vector<double> values_at(const Group& group, const std::string& moment, Measure measure) {
  std::vector<double> values;
  for (const StoredTrial* trial : group.trials) {
    if (const Metrics* metrics = trial->outcome.at(moment)) values.push_back(metrics->*measure);
  }
  return values;
}

Gain gain_between(const Group& group, const std::string& before, const std::string& after,
                  Measure measure) {
  std::vector<double> old_values;
  std::vector<double> new_values;
  for (const StoredTrial* trial : group.trials) {
    const Metrics* first = trial->outcome.at(before);
    const Metrics* second = trial->outcome.at(after);
    if (first == nullptr || second == nullptr) continue;
    old_values.push_back(first->*measure);
    new_values.push_back(second->*measure);
  }
  const auto gains = paired_differences(new_values, old_values);
  return {.summary = summarize(gains), .interval = mean_interval(gains)};
}

}  // namespace hypnos
