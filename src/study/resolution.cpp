#include "study/resolution.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"

namespace hypnos {
namespace {

std::string beside_plan(const std::string& name, const std::filesystem::path& folder) {
  const std::filesystem::path beside = folder / name;
  return std::filesystem::exists(beside) ? beside.string() : name;
}

std::string find_data(const std::string& name, const std::filesystem::path& folder) {
  if (name.empty()) throw ParameterError("data", "is missing");
  const auto named = named_data();
  if (std::any_of(named.begin(), named.end(),
                  [&](const NamedData& known) { return known.name == name; })) {
    return name;
  }
  const std::string found = lasting_name(beside_plan(name, folder));
  if (!std::filesystem::path(found).is_absolute()) {
    try {
      find_named_data(name);
    } catch (const InputError& error) {
      throw ParameterError("data", error.what());
    }
  }
  return found;
}

TrainingOptions training_of(const Choices& c) {
  TrainingOptions o = c.protocol == "authors" ? authors_protocol() : modern_protocol();
  o.epochs = c.epochs.value_or(o.epochs);
  o.learning_rate = c.learning_rate.value_or(o.learning_rate);
  o.momentum = c.momentum.value_or(o.momentum);
  o.dropout = c.dropout.value_or(o.dropout);
  o.batch_size = c.batch_size.value_or(o.batch_size);
  validate(o);
  return o;
}

// The name of the sleep parameters, with {data} and {percent} filled in.
std::string fill_in(const Choices& choices) {
  if (choices.sleep.empty()) throw ParameterError("sleep", "is missing");
  std::string name = choices.sleep;
  const auto replace = [&](std::string_view what, const std::string& by) {
    for (std::size_t at = 0; (at = name.find(what, at)) != std::string::npos; at += by.size()) {
      name.replace(at, what.size(), by);
    }
  };
  replace("{data}", std::filesystem::path(choices.data).filename().string());
  if (choices.fraction) replace("{percent}", fmt::format("{:.6g}", 100 * *choices.fraction));
  if (name.find("{percent}") != std::string::npos) {
    throw ParameterError("sleep", "{percent} needs a fraction");
  }
  return name;
}

SleepParameters read_sleep(const Choices& choices, const Surroundings& surroundings) {
  SleepParameters read;
  try {
    read = surroundings.parameters(beside_plan(choices.sleep, surroundings.folder));
    for (const auto& [key, value] : choices.sleep_parameters) {
      apply_setting(read, fmt::format("{}={}", key, value));
    }
    validate(read, choices.hidden.size() + 1);
  } catch (const InputError& error) {
    throw ParameterError("sleep", error.what());
  }
  return read;
}

}  // namespace

Trial resolve(Choices choices, const Surroundings& surroundings) {
  if (choices.fraction && choices.per_class) {
    throw ParameterError("fraction", "cannot be combined with per_class");
  }
  Trial trial;
  trial.data = choices.data = find_data(choices.data, surroundings.folder);
  trial.data_sha256 = surroundings.data.checksum(trial.data);
  trial.subset = {.fraction = choices.fraction,
                  .per_class = choices.per_class,
                  .keep = choices.keep,
                  .seed = trial.seed};
  trial.protocol = choices.protocol;
  trial.training = training_of(choices);
  choices.epochs = trial.training.epochs;
  trial.hidden = choices.hidden;
  trial.stages = choices.stages;
  trial.finetune_epochs = choices.finetune_epochs;
  trial.finetune_learning_rate = choices.finetune_learning_rate;
  if (choices.stages.sleep) {
    trial.sleep = choices.sleep = fill_in(choices);
    trial.parameters = read_sleep(choices, surroundings);
  }
  trial.choices = to_json(choices);
  return trial;
}

}  // namespace hypnos
