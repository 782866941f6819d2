#pragma once

// One trial of a study: a network is trained, put to sleep, and trained on, all by one seed.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/data_reading.hpp"
#include "hypnos/distortion.hpp"
#include "hypnos/json.hpp"
#include "hypnos/names.hpp"
#include "hypnos/sequence_options.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/subset.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

/// What is done after training and its measurement.
struct Stages {
  bool sleep = true;
  bool wake = true;      ///< rescale before fine-tuning
  bool finetune = true;  ///< train on after sleep; without sleep, what waking alone does for it
  bool control = true;   ///< train on for as long without sleep and waking

  bool operator==(const Stages&) const = default;
};

/// What answers. All but the network are there in closed form: their trials have no stages.
enum class Method { network, neural_tangent_kernel, nearest_neighbor };
template <>
inline constexpr Name<Method> names_of<Method>[] = {
    {Method::network, "network"},
    {Method::neural_tangent_kernel, "neural-tangent-kernel"},
    {Method::nearest_neighbor, "nearest-neighbor"}};

/// Training on other data that comes first, by the same protocol; the hidden layers are kept.
struct Pretraining {
  std::string data;
  std::string data_sha256;         ///< as of Trial
  std::optional<double> fraction;  ///< not set: all
  std::uint64_t epochs = 0;
};

/// All that determines a trial's results.
struct Trial {
  std::string data;         ///< name, or full path of a folder or file
  std::string data_sha256;  ///< of what is in it, shape included; empty for named data
  DataReading reading;      ///< of these data and of those for pretraining
  Subset subset;            ///< drawn by the trial's seed
  std::string protocol;     ///< "authors" or "modern"
  Method method = Method::network;
  TrainingOptions training;  ///< before sleep
  std::optional<Pretraining> pretraining;
  std::vector<std::size_t> hidden = {1200, 1200};  ///< units of the hidden layers
  std::string sleep;                               ///< preset or parameter file; as in the plan
  SleepParameters parameters;
  Stages stages;
  /// The trainings after the first sleep, after the second one, ...: without the stage of
  /// fine-tuning and without control none is done.
  std::vector<TrainingOptions> further;
  /// Tasks in sequence: stages and subset say nothing then.
  std::optional<SequenceOptions> sequence;
  /// Test images are also measured under each of these, drawn by the seed.
  std::vector<Distortion> distortions;
  std::uint64_t seed = 1;

  /// The same in the words of a plan, without the seed, as tables show it: {"fraction": 0.01, ...}
  Json choices = Json::object();

  /// What the plan calls it. Tables show it; results do not depend on it.
  std::string name;
};

/// The whole configuration: "choices" as in the plan, "seed", and what follows from them:
/// "training", "parameters" (TOML), ...
Json to_json(const Trial& trial);

/// A trial from the configuration that to_json() makes of it. The name is not part of it.
/// @throws InputError when something is missing, or not known to this version.
Trial read_trial(const Json& configuration);

/// Whether the trial's words (Trial::choices) stand for what it is: whether a plan that says them,
/// with the same stages and the parameters of sleep that it names, has this trial.
bool words_fit(const Trial& trial);

/// SHA-256 of the whole configuration without its words: trials with the same id are the same.
std::string id_of(const Trial& trial);

}  // namespace hypnos
