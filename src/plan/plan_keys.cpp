#include "plan/plan_keys.hpp"

#include <charconv>
#include <cmath>

#include "base/json.hpp"
#include "hypnos/distortion.hpp"
#include "hypnos/error.hpp"
#include "plan/read_values.hpp"
#include "plan/sequence_keys.hpp"
#include "plan/stage_names.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {
namespace {

// Reads a table of class = part. Classes are keys, and so texts.
bool read_keep(const toml::node& node, std::map<std::uint32_t, double>& keep) {
  if (!node.is_table()) return false;
  std::map<std::uint32_t, double> read;
  for (const auto& [key, part] : *node.as_table()) {
    const std::string_view text = key.str();
    std::uint32_t label = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), label);
    if (error != std::errc() || end != text.data() + text.size()) return false;
    if (!read_number(part, read[label], 0, 1)) return false;
  }
  keep = std::move(read);
  return true;
}

bool read_stages(const toml::node& node, Stages& stages) {
  if (!node.is_array()) return false;
  Stages read = no_stages;
  for (const toml::node& element : *node.as_array()) {
    if (!add_stage(read, element.value_or(std::string()))) return false;
  }
  stages = read;
  return read.sleep || read.wake == read.finetune;
}

bool read_distort(const toml::node& node, std::string& text) {
  std::string read;
  if (!read_text(node, read)) return false;
  try {
    read_distortions(read);
  } catch (const ParameterError&) {
    return false;
  }
  text = read;
  return true;
}

template <typename Choice>
bool read_named(const toml::node& node, std::optional<Choice>& choice) {
  const auto found = named<Choice>(node.value_or(std::string()));
  if (found) choice = found;
  return found.has_value();
}

// "standardize", or means and then as many standard deviations.
bool read_normalization(const toml::node& node, Normalization& normalization) {
  if (node.value_or(std::string()) == "standardize") {
    normalization = {.standardize = true};
    return true;
  }
  const toml::array* list = node.as_array();
  if (list == nullptr || list->empty() || list->size() % 2 != 0) return false;
  Normalization read;
  for (const toml::node& element : *list) {
    const bool mean = read.means.size() < list->size() / 2;
    double number = 0;
    if (!read_number(element, number, mean ? -1e30 : 1e-30, 1e30)) return false;
    (mean ? read.means : read.deviations).push_back(number);
  }
  normalization = read;
  return true;
}

bool read_first_label(const toml::node& node, std::optional<std::uint32_t>& first_label) {
  const auto value = node.value_exact<std::int64_t>();
  if (!value || *value < 0 || *value > 1) return false;
  first_label = static_cast<std::uint32_t>(*value);
  return true;
}

// A training option, with a value that it takes.
PlanKey training_key(const TrainingOption& option) {
  return {std::string(option.name), option.expected,
          [&option](Choices& choices, const toml::node& node) {
            OptionValue value;
            if (node.is_number()) {
              value = node.value_or(0.0);
            } else if (node.is_boolean()) {
              value = node.value_or(false);
            } else if (node.is_string()) {
              value = node.value_or(std::string());
            } else {
              return false;
            }
            TrainingOptions scratch;
            if (!option.set(scratch, value)) return false;
            choices.training[std::string(option.name)] = value;
            return true;
          }};
}

// A text in TOML's quotes.
std::string without_quotes(const std::string& value) {
  const bool quoted = value.size() >= 2 && value.front() == '\'' && value.back() == '\'';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

PlanKey number_key(const char* name, const char* expected, std::optional<double> Choices::* member,
                   double low, double high) {
  return {name, expected,
          [=](Choices& c, const toml::node& n) { return read_number(n, c.*member, low, high); }};
}

template <typename Count>
PlanKey count_key(const char* name, Count Choices::* member, std::int64_t least = 0) {
  return {name, least == 0 ? "a whole number, 0 or more" : "a whole number, 1 or more",
          [=](Choices& c, const toml::node& n) { return read_count(n, c.*member, least); }};
}

std::vector<PlanKey> make_keys() {
  using C = Choices;
  using Node = toml::node;
  std::vector<PlanKey> keys = {
      {"data", "the name of a data set or a folder",
       [](C& c, const Node& n) { return read_text(n, c.data); }},
      {"layout", "\"first\" or \"last\"",
       [](C& c, const Node& n) { return read_named(n, c.reading.layout); }},
      {"range", "\"pixels\" or \"as-is\"",
       [](C& c, const Node& n) { return read_named(n, c.reading.scale); }},
      {"first_label", "0 or 1",
       [](C& c, const Node& n) { return read_first_label(n, c.reading.first_label); }},
      {"normalize", "\"standardize\", or a list of means and then as many positive deviations",
       [](C& c, const Node& n) { return read_normalization(n, c.reading.normalization); }},
      {"method", "\"network\", \"neural-tangent-kernel\" or \"nearest-neighbor\"",
       [](C& c, const Node& n) { return read_named(n, c.method); }},
      {"protocol", "\"authors\" or \"modern\"",
       [](C& c, const Node& n) {
         return read_text(n, c.protocol) && (c.protocol == "authors" || c.protocol == "modern");
       }},
      {"hidden", "a list of units per hidden layer",
       [](C& c, const Node& n) { return read_counts(n, c.hidden); }},
      {"keep", "a table of classes and parts, like { 0 = 0.1, 1 = 0.5 }",
       [](C& c, const Node& n) { return read_keep(n, c.keep); }},
      number_key("fraction", "a number above 0, up to 1", &C::fraction, 1e-9, 1),
      count_key("per_class", &C::per_class),
  };
  for (const TrainingOption& option : training_options()) keys.push_back(training_key(option));
  const std::vector<PlanKey> later = {
      {"pretrain", "the name of a data set or a folder",
       [](C& c, const Node& n) { return read_text(n, c.pretrain); }},
      number_key("pretrain_fraction", "a number above 0, up to 1", &C::pretrain_fraction, 1e-9, 1),
      count_key("pretrain_epochs", &C::pretrain_epochs),
      {"sleep_after", "a list of the updates before each sleep, like [300] or [100, 300, 1000]",
       [](C& c, const Node& n) { return read_counts(n, c.sleep_after); }},
      {"sleep", "a preset or a parameter file",
       [](C& c, const Node& n) { return read_text(n, c.sleep); }},
      count_key("finetune_epochs", &C::finetune_epochs),
      count_key("finetune_updates", &C::finetune_updates, 1),
      number_key("finetune_learning_rate", "a positive number", &C::finetune_learning_rate, 1e-30,
                 1e29),
      {"distort", "distortions of the test images, like \"clean,blur=2.5,rotation=30\"",
       [](C& c, const Node& n) { return read_distort(n, c.distort); }},
      {"stages",
       "a list of \"sleep\", \"wake\", \"finetune\" and \"control\"; without sleep, wake "
       "and finetune go together",
       [](C& c, const Node& n) { return read_stages(n, c.stages); }},
  };
  keys.insert(keys.end(), later.begin(), later.end());
  const std::vector<PlanKey> of_sequences = sequence_keys();
  keys.insert(keys.end(), of_sequences.begin(), of_sequences.end());
  return keys;
}

}  // namespace

const std::vector<PlanKey>& plan_keys() {
  static const std::vector<PlanKey> all = make_keys();
  return all;
}

void add_network(const Choices& c, Json& json) {
  json["protocol"] = c.protocol;
  json["hidden"] = c.hidden;
  for (const TrainingOption& option : training_options()) {
    const auto chosen = c.training.find(std::string(option.name));
    if (chosen != c.training.end()) json[chosen->first] = to_json(option, chosen->second);
  }
}

void add_sleep_parameters(const Choices& c, Json& json) {
  for (const auto& [key, value] : c.sleep_parameters) {
    const std::optional<Json> parsed = parse_json(value);
    json[key] = parsed ? *parsed : Json(without_quotes(value));
  }
}

Json to_json(const Choices& c) {
  Json json = {{"data", c.data}};
  const Json reading = to_json(c.reading);
  for (const auto& [key, value] : reading.items()) {
    // Tables show one value.
    json[key] = value.is_object() ? Json(text_of(value)) : value;
  }
  if (c.sequence) {
    add_sequence(c, json);
    return json;
  }
  if (c.fraction) json["fraction"] = *c.fraction;
  if (c.per_class) json["per_class"] = *c.per_class;
  std::string keep;
  for (const auto& [label, part] : c.keep) {
    keep += (keep.empty() ? "" : ",") + std::to_string(label) + "=" + Json(part).dump();
  }
  if (!keep.empty()) json["keep"] = keep;
  if (!c.distort.empty()) json["distort"] = c.distort;
  if (c.method != Method::network) {
    json["method"] = name_of(c.method);
    if (c.method == Method::neural_tangent_kernel) json["hidden_layers"] = c.hidden.size();
    return json;
  }
  add_network(c, json);
  if (!c.pretrain.empty()) {
    json["pretrain"] = c.pretrain;
    if (c.pretrain_fraction) json["pretrain_fraction"] = *c.pretrain_fraction;
    if (c.pretrain_epochs) json["pretrain_epochs"] = *c.pretrain_epochs;
  }
  if (!c.sleep_after.empty()) json["sleep_after"] = c.sleep_after;
  if (c.stages.sleep || c.stages.finetune) json["sleep"] = c.stages.sleep ? c.sleep : "none";
  if (c.stages.sleep) add_sleep_parameters(c, json);
  if (c.sleep_after.empty() && (c.stages.finetune || c.stages.control)) {
    if (c.finetune_updates) {
      json["finetune_updates"] = *c.finetune_updates;
    } else {
      json["finetune_epochs"] = c.finetune_epochs.value_or(usual_finetune_epochs);
    }
  }
  if (c.finetune_learning_rate) json["finetune_learning_rate"] = *c.finetune_learning_rate;
  return json;
}

}  // namespace hypnos
