#pragma once

// The keys of a plan that say what one trial is.

#include <toml++/toml.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "study/trial.hpp"

namespace hypnos {

/// One value of each key: a trial in the words of a plan.
struct Choices {
  std::string data;
  std::optional<double> fraction;
  std::optional<std::size_t> per_class;
  std::map<std::uint32_t, double> keep;
  Method method = Method::network;
  std::string protocol = "authors";
  std::vector<std::size_t> hidden = {1200, 1200};
  std::optional<std::uint64_t> epochs;
  std::optional<double> learning_rate;
  Schedule schedule = Schedule::constant;
  std::optional<double> momentum;
  std::optional<double> dropout;
  std::optional<std::size_t> batch_size;
  std::optional<double> weight_decay;
  ClassBalance class_balance = ClassBalance::none;
  std::optional<double> augment_shift;
  std::optional<double> augment_rotation;
  std::string pretrain;  ///< data; empty: none
  std::optional<double> pretrain_fraction;
  std::optional<std::uint64_t> pretrain_epochs;
  std::string sleep;
  std::map<std::string, std::string> sleep_parameters;  ///< key and value as in TOML
  std::uint64_t finetune_epochs = 20;
  std::optional<double> finetune_learning_rate;
  Stages stages;
};

struct PlanKey {
  std::string name;
  const char* expected;
  /// Takes one value over; false when it does not fit.
  std::function<bool(Choices&, const toml::node&)> read;
};

/// In the order in which lists cross-multiply: the first changes slowest.
const std::vector<PlanKey>& plan_keys();

/// The choices as JSON, those that are always made first: what Trial::choices is.
Json to_json(const Choices& choices);

}  // namespace hypnos
