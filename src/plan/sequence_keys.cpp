#include "plan/sequence_keys.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "plan/read_values.hpp"

namespace hypnos {
namespace {

// A list of lists of classes.
bool read_tasks(const toml::node& node, SequenceChoices& chosen) {
  if (node.is_string()) {
    const std::string division = node.value_or(std::string());
    if (!is_division(division)) return false;
    chosen.options.division = division;
    chosen.options.tasks.clear();
    return true;
  }
  if (!node.is_array() || node.as_array()->empty()) return false;
  std::vector<std::vector<std::uint32_t>> tasks;
  for (const toml::node& classes : *node.as_array()) {
    auto& task = tasks.emplace_back();
    if (!classes.is_array() || classes.as_array()->empty()) return false;
    for (const toml::node& label : *classes.as_array()) {
      if (!read_count(label, task.emplace_back())) return false;
    }
  }
  chosen.options.division.clear();
  chosen.options.tasks = std::move(tasks);
  return true;
}

bool read_learners(const toml::node& node, std::vector<Learner>& learners) {
  if (!node.is_array()) return false;
  std::vector<Learner> read;
  for (const toml::node& name : *node.as_array()) {
    if (!read_named(name, read.emplace_back())) return false;
  }
  learners = std::move(read);
  return true;
}

bool read_truth(const toml::node& node, bool& truth) {
  const auto value = node.value_exact<bool>();
  if (value) truth = *value;
  return value.has_value();
}

using Read = std::function<bool(SequenceChoices&, const toml::node&)>;

PlanKey sequence_key(const char* name, std::string_view expected, const Read& read) {
  return {name, expected, [name, read](Choices& choices, const toml::node& node) {
            SequenceChoices chosen = choices.sequence.value_or(SequenceChoices());
            if (!read(chosen, node)) return false;
            chosen.keys.insert(name);
            choices.sequence = std::move(chosen);
            return true;
          }};
}

template <typename Choice>
PlanKey named_key(const char* name, std::string_view expected, Choice SequenceOptions::* member) {
  return sequence_key(name, expected, [member](SequenceChoices& c, const toml::node& node) {
    return read_named(node, c.options.*member);
  });
}

PlanKey truth_key(const char* name, bool SequenceOptions::* member) {
  return sequence_key(name, "true or false", [member](SequenceChoices& c, const toml::node& node) {
    return read_truth(node, c.options.*member);
  });
}

Json tasks_text(const SequenceOptions& options) {
  return options.tasks.empty() ? options.division : text_of(Json(options.tasks));
}

}  // namespace

std::vector<PlanKey> sequence_keys() {
  using C = SequenceChoices;
  using Node = toml::node;
  return {
      sequence_key("tasks",
                   "\"pairs\", \"singles\" or \"halves\" of the classes, or a list of lists of "
                   "classes, like [[0, 1], [2, 3]]",
                   [](C& c, const Node& n) { return read_tasks(n, c); }),
      named_key("task_order", "\"fixed\" or \"random\"", &SequenceOptions::order),
      sequence_key(
          "task_samples", "a whole number, 1 or more",
          [](C& c, const Node& n) { return read_count(n, c.options.samples.emplace(), 1); }),
      sequence_key("task_fraction", "a number above 0, up to 1",
                   [](C& c, const Node& n) {
                     return read_number(n, c.options.fraction.emplace(), 1e-9, 1);
                   }),
      sequence_key("sleep_growth", "a number, 0 or more",
                   [](C& c, const Node& n) { return read_number(n, c.growth.emplace(), 0, 1000); }),
      named_key("sleep_when", "\"each\" or \"end\"", &SequenceOptions::sleep_when),
      named_key("calibration", "\"all\", \"running\", \"current\" or \"first\"",
                &SequenceOptions::calibration),
      truth_key("wake", &SequenceOptions::wake),
      sequence_key("memory", "a whole number, 0 or more",
                   [](C& c, const Node& n) { return read_count(n, c.options.memory); }),
      named_key("replay", "\"balanced\", \"append\" or \"released\"", &SequenceOptions::replay),
      sequence_key(
          "replay_fraction", "a number from 0 to 1",
          [](C& c, const Node& n) { return read_number(n, c.options.replay_fraction, 0, 1); }),
      sequence_key("later_learning_rate", "a positive number",
                   [](C& c, const Node& n) {
                     return read_number(n, c.options.later_learning_rate.emplace(), 1e-30, 1e29);
                   }),
      truth_key("carry_momentum", &SequenceOptions::carry_momentum),
      sequence_key(
          "ewc_strength", "a number, 0 or more",
          [](C& c, const Node& n) { return read_number(n, c.options.ewc_strength, 0, 1e30); }),
      named_key("exemplars", "\"herding\" or \"random\"", &SequenceOptions::exemplars),
      sequence_key("against",
                   "a list of \"sequential\", \"waking\", \"joint\", \"joint-same\", "
                   "\"averaging\", \"lwf\", \"ewc\", \"nearest-class-mean\", \"lda\", "
                   "\"icarl\" and \"icarl-sleep\"",
                   [](C& c, const Node& n) { return read_learners(n, c.against); }),
  };
}

void add_sequence(const Choices& choices, Json& json) {
  const SequenceChoices chosen = choices.sequence.value_or(SequenceChoices());
  const SequenceOptions options = without_what_has_no_effect(chosen.options);
  const Learner learner = options.learner;
  json["learner"] = name_of(learner);
  if (is_trained(learner)) add_network(choices, json);
  json["tasks"] = tasks_text(options);
  if (options.order != TaskOrder::fixed) json["task_order"] = name_of(options.order);
  if (options.samples) json["task_samples"] = *options.samples;
  if (options.fraction) json["task_fraction"] = *options.fraction;
  if (sleeps(learner)) {
    json["sleep"] = choices.sleep;
    add_sleep_parameters(choices, json);
    if (chosen.growth) json["sleep_growth"] = *chosen.growth;
    json["sleep_when"] = name_of(options.sleep_when);
    json["calibration"] = name_of(options.calibration);
    json["wake"] = options.wake;
  }
  if (learner == Learner::waking && options.sleep_when != SleepWhen::each) {
    json["sleep_when"] = name_of(options.sleep_when);
  }
  if (has_memory(learner)) {
    json["memory"] = options.memory;
    if (options.memory > 0 && !is_icarl(learner)) json["replay"] = name_of(options.replay);
    if (options.replay == Replay::released) {
      json["replay"] = name_of(options.replay);
      json["replay_fraction"] = options.replay_fraction;
    }
  }
  if (is_icarl(learner)) json["exemplars"] = name_of(options.exemplars);
  if (learner == Learner::ewc) json["ewc_strength"] = options.ewc_strength;
  if (options.later_learning_rate) json["later_learning_rate"] = *options.later_learning_rate;
  if (!options.carry_momentum) json["carry_momentum"] = false;
}

}  // namespace hypnos
