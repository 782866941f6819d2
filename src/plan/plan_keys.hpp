#pragma once

// The keys of a plan that say what one trial is.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.hpp"
#include "hypnos/trial.hpp"

namespace hypnos {

inline constexpr std::uint64_t usual_finetune_epochs = 20;

/// Tasks in sequence, likewise.
struct SequenceChoices {
  std::string tasks;        ///< "pairs", ...; empty: a list
  SequenceOptions options;  ///< what is not chosen is as usual
  std::optional<double> growth;
  std::vector<Learner> against;  ///< what else learns the sequence
  std::set<std::string> keys;    ///< that the plan has
};

/// A trial in the words of a plan: one value of each key.
struct Choices {
  std::string data;
  DataReading reading;
  std::optional<double> fraction;
  std::optional<std::size_t> per_class;
  std::map<std::uint32_t, double> keep;
  Method method = Method::network;
  std::string protocol = "authors";
  std::vector<std::size_t> hidden = {1200, 1200};
  std::map<std::string, OptionValue>
      training;          ///< training options that differ from the protocol's
  std::string pretrain;  ///< data; empty: none
  std::optional<double> pretrain_fraction;
  std::optional<std::uint64_t> pretrain_epochs;
  std::vector<std::uint64_t> sleep_after;  ///< updates before each sleep; empty: after training
  std::string sleep;
  std::map<std::string, std::string> sleep_parameters;  ///< key and value as in TOML
  std::optional<std::uint64_t> finetune_epochs;         ///< 20, if there are no updates either
  std::optional<std::uint64_t> finetune_updates;
  std::optional<double> finetune_learning_rate;
  Stages stages;
  std::string distort;                      ///< distortions of test images; empty: none
  std::optional<SequenceChoices> sequence;  ///< tasks in sequence
};

struct PlanKey {
  std::string name;
  std::string_view expected;
  /// Takes one value over; false when it does not fit.
  std::function<bool(Choices&, const toml::node&)> read;
};

/// All keys, in the order in which lists cross-multiply: the first changes slowest.
const std::vector<PlanKey>& plan_keys();

/// Parts of that: how networks are made and trained, and what was set of the sleep.
void add_network(const Choices& choices, Json& json);
void add_sleep_parameters(const Choices& choices, Json& json);

/// The choices as Trial::choices has them. Those that are always made come first.
Json to_json(const Choices& choices);

}  // namespace hypnos
