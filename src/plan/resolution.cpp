#include "plan/resolution.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/sleep_schedule.hpp"
#include "plan/sequence_resolution.hpp"
#include "plan/stage_names.hpp"

namespace hypnos {
namespace {

std::string beside_plan(const std::string& name, const std::filesystem::path& folder) {
  const std::filesystem::path beside = folder / name;
  return std::filesystem::exists(beside) ? beside.string() : name;
}

TrainingOptions training_of(const Choices& c) {
  return with_options(c.protocol == "authors" ? authors_protocol() : modern_protocol(), c.training);
}

void add_pretraining(Choices& choices, const Surroundings& surroundings, Trial& trial) {
  choices.pretrain = surroundings.data("pretrain", choices.pretrain);
  if (!choices.pretrain_epochs && trial.training.updates > 0) {
    throw ParameterError("pretrain_epochs", "is missing: the training is not by epochs");
  }
  const std::uint64_t epochs = choices.pretrain_epochs.value_or(trial.training.epochs);
  choices.pretrain_epochs = epochs;
  trial.pretraining = {.data = choices.pretrain,
                       .data_sha256 = surroundings.checksum(choices.pretrain, trial.reading),
                       .fraction = choices.pretrain_fraction,
                       .epochs = epochs};
}

// What comes after the first sleep.
void add_further_training(const Choices& choices, Trial& trial) {
  const auto refuse_both = [](const char* key, const char* other, bool both) {
    if (both) throw ParameterError(key, fmt::format("cannot be combined with {}", other));
  };
  refuse_both("finetune_updates", "finetune_epochs",
              choices.finetune_epochs && choices.finetune_updates);
  if (choices.sleep_after.empty()) {
    TrainingOptions& options = trial.further.emplace_back(finetuning_after(trial.training));
    if (choices.finetune_updates) {
      end_after_updates(options, *choices.finetune_updates);
    } else {
      end_after_epochs(options, choices.finetune_epochs.value_or(usual_finetune_epochs));
    }
    options.learning_rate = choices.finetune_learning_rate.value_or(options.learning_rate);
  } else {
    refuse_both("sleep_after", "finetune_epochs: updates say how long training is",
                choices.finetune_epochs.has_value());
    refuse_both("sleep_after", "finetune_updates: updates say how long training is",
                choices.finetune_updates.has_value());
    refuse_both("sleep_after",
                "schedule: the rate is constant up to the last sleep, and then falls to 0",
                choices.training.contains("schedule"));
    if (!choices.stages.finetune && !choices.stages.control) {
      throw ParameterError("sleep_after",
                           "needs the stage finetune or control: training goes on after the sleep");
    }
    trial.further =
        divide_training(trial.training, choices.sleep_after, choices.finetune_learning_rate);
    trial.training = trial.further.front();
    trial.further.erase(trial.further.begin());
  }
}

// Without a network there is nothing to attack.
void refuse_attacks(const Trial& trial) {
  if (trial.method == Method::network) return;
  for (const Distortion& distortion : trial.distortions) {
    if (!is_adversarial(distortion.kind)) continue;
    throw ParameterError("distort", fmt::format("{} is made against a network, and {} has none",
                                                name_of(distortion.kind), name_of(trial.method)));
  }
}

}  // namespace

std::string find_data(const char* key, const std::string& name,
                      const std::filesystem::path& folder) {
  if (name.empty()) throw ParameterError(key, "is missing");
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
      throw ParameterError(key, error.what());
    }
  }
  return found;
}

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

Trial resolve(Choices choices, const Surroundings& surroundings) {
  if (choices.fraction && choices.per_class) {
    throw ParameterError("fraction", "cannot be combined with per_class");
  }
  Trial trial;
  trial.data = choices.data = surroundings.data("data", choices.data);
  trial.reading = choices.reading;
  trial.data_sha256 = surroundings.checksum(trial.data, trial.reading);
  trial.subset = {.fraction = choices.fraction,
                  .per_class = choices.per_class,
                  .keep = choices.keep,
                  .seed = trial.seed};
  trial.hidden = choices.hidden;
  trial.method = choices.method;
  if (!choices.distort.empty()) {
    if (choices.sequence) {
      throw ParameterError("distort", "is not measured of tasks in sequence");
    }
    trial.distortions = read_distortions(choices.distort);
    refuse_attacks(trial);
  }
  if (trial.method != Method::network) {
    // Keys of training and sleep mean nothing to such a method.
    trial.protocol = name_of(trial.method);
    trial.training.epochs = 0;
    trial.stages = no_stages;
    trial.choices = to_json(choices);
    return trial;
  }
  trial.protocol = choices.protocol;
  trial.training = training_of(choices);
  if (trial.training.updates == 0) {
    choices.training["epochs"] = static_cast<double>(trial.training.epochs);
  }
  if (choices.sequence) {
    resolve_sequence(choices, surroundings, trial);
    trial.choices = to_json(choices);
    return trial;
  }
  if (!choices.pretrain.empty()) add_pretraining(choices, surroundings, trial);
  trial.stages = choices.stages;
  add_further_training(choices, trial);
  if (choices.stages.sleep) {
    trial.sleep = choices.sleep = fill_in(choices);
    trial.parameters = read_sleep(choices, surroundings);
  }
  trial.choices = to_json(choices);
  return trial;
}

}  // namespace hypnos
