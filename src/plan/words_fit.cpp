#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/toml.hpp"
#include "hypnos/error.hpp"
#include "hypnos/trial.hpp"
#include "plan/expansion.hpp"
#include "plan/resolution.hpp"
#include "training/read_recipe_json.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {
namespace {

void insert(toml::table& table, const std::string& key, const Json& value);

toml::array array_of(const Json& list) {
  toml::array array;
  for (const Json& element : list) {
    toml::table one;
    insert(one, "element", element);
    array.push_back(*one.get("element"));
  }
  return array;
}

void insert(toml::table& table, const std::string& key, const Json& value) {
  if (value.is_string()) {
    table.insert_or_assign(key, value.get<std::string>());
  } else if (value.is_boolean()) {
    table.insert_or_assign(key, value.get<bool>());
  } else if (value.is_number_integer()) {
    table.insert_or_assign(key, value.get<std::int64_t>());
  } else if (value.is_number_float()) {
    table.insert_or_assign(key, value.get<double>());
  } else if (value.is_array()) {
    table.insert_or_assign(key, array_of(value));
  } else {
    throw InputError(key + " has a value that no plan has");
  }
}

// Words that are neither keys of a plan nor made of them are parameters of the sleep.
bool is_sleep_parameter(const std::string& name) {
  const auto& keys = plan_keys();
  return name != "learner" && name != "hidden_layers" &&
         std::none_of(keys.begin(), keys.end(),
                      [&](const PlanKey& key) { return key.name == name; });
}

// How the data are read, as tables show it, is taken from the trial.
bool reading_fits(const Trial& trial, Json& words) {
  const Json reading = to_json(trial.reading);
  for (const char* key : {"layout", "range", "first_label", "normalize"}) {
    const Json claimed = words.value(key, Json());
    words.erase(key);
    const Json known = reading.value(key, Json());
    if (claimed != (known.is_object() ? Json(text_of(known)) : known)) return false;
  }
  return true;
}

// A parameter of the sleep. What JSON does not have is a text in TOML; texts are plain, but were in
// TOML's quotes in older programs.
void insert_sleep_parameter(toml::table& table, const std::string& key, const Json& value) {
  if (value.is_string()) {
    try {
      const toml::table parsed = toml::parse("value = " + value.get<std::string>());
      if (parsed.size() == 1) {
        table.insert_or_assign(key, *parsed.get("value"));
        return;
      }
    } catch (const toml::parse_error&) {
      // A plain text.
    }
  }
  insert(table, key, value);
}

// The words as a plan that has one trial; what a plan says otherwise is put as it says it.
toml::table plan_of(const Json& words, const Trial& trial) {
  toml::table plan;
  toml::table sleep_parameters;
  for (const auto& [key, value] : words.items()) {
    if (key == "keep") {
      const toml::table parsed = toml::parse("keep = {" + value.get<std::string>() + "}");
      for (const auto& [name, node] : parsed) plan.insert(name, node);
    } else if (key == "hidden_layers") {
      // Their number is all that such a method knows of them.
      const std::size_t layers = std::min<std::size_t>(value.get<std::size_t>(), 10'000);
      plan.insert("hidden", array_of(Json(std::vector<int>(layers, 1200))));
    } else if (key == "tasks" && value.is_string() && value.get<std::string>().starts_with('[')) {
      insert(plan, key, Json::parse(value.get<std::string>()));
    } else if (key == "sleep" && !trial.stages.sleep) {
      continue;
    } else if (is_sleep_parameter(key)) {
      insert_sleep_parameter(sleep_parameters, key, value);
    } else {
      insert(plan, key, value);
    }
  }
  if (!sleep_parameters.empty()) plan.insert("sleep_parameters", sleep_parameters);
  return plan;
}

Trial trial_of(Json words, const Trial& trial) {
  const Json learner = words.value("learner", Json());
  words.erase("learner");
  Choices choices = expand(plan_of(words, trial)).at(0);
  choices.reading = trial.reading;
  if (choices.sequence) {
    SequenceOptions& options = choices.sequence->options;
    options.learner = named_value<Learner>(learner);
    // Older programs left the word out.
    if (options.learner == Learner::waking && !words.contains("sleep_when") && trial.sequence) {
      options.sleep_when = trial.sequence->sleep_when;
    }
  } else {
    choices.stages = trial.stages;
  }
  Trial found =
      resolve(choices, {.folder = {},
                        .parameters = [&](const std::string&) { return trial.parameters; },
                        .data = [](const char*, const std::string& name) { return name; },
                        .checksum =
                            [&](const std::string& data, const DataReading&) {
                              const bool is_first = trial.pretraining && data != trial.data;
                              return is_first ? trial.pretraining->data_sha256 : trial.data_sha256;
                            }});
  found.seed = trial.seed;
  found.subset.seed = trial.seed;
  return found;
}

// Whether a plan's trial has these words: none that means nothing, and none that means several.
bool says_no_more(const Json& words, const Trial& found) {
  for (const auto& [key, value] : words.items()) {
    const Json& choices = found.choices;
    if (choices.contains(key) && choices[key] == value) continue;
    // The parameters of a sleep are compared by their values, and their name may be any.
    if (found.stages.sleep && (key == "sleep" || is_sleep_parameter(key))) continue;
    return false;
  }
  return true;
}

}  // namespace

bool words_fit(const Trial& trial) {
  try {
    Json words = trial.choices;
    if (!reading_fits(trial, words)) return false;
    const Trial found = trial_of(words, trial);
    return id_of(found) == id_of(trial) && says_no_more(words, found);
  } catch (const std::exception&) {
    return false;  // they are not the words of a plan
  }
}

}  // namespace hypnos
