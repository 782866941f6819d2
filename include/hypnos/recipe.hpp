#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hypnos/data_reading.hpp"
#include "hypnos/data_record.hpp"
#include "hypnos/model_file.hpp"
#include "hypnos/network.hpp"
#include "hypnos/subset.hpp"
#include "hypnos/training_options.hpp"

namespace hypnos {

struct Stage;

/// The network was trained.
struct TrainedStage {
  std::uint64_t epochs = 0;  ///< that were finished
  std::uint64_t seed = 1;
  std::optional<double> loss = {};  ///< mean over the samples of the last epoch
  std::uint64_t updates = 0;        ///< of the weights; 0: not known
  bool further = false;             ///< it had been trained before: fine-tuning
  /// How it was trained further; empty: as the recipe says, or not known.
  std::optional<TrainingOptions> training = {};
};

/// What samples that were kept aside said of a sleep.
struct GuardNote {
  bool helps = false;
  std::uint64_t steps = 0;  ///< the length at which the gain was largest
  double before = 0;        ///< what the objective was worth
  double after = 0;
  double low = 0;  ///< 95% confidence interval of after - before
  double high = 0;
  std::uint64_t samples = 0;
  std::string objective = "accuracy";
  std::string distortions = {};  ///< empty: samples as they were
  std::string moment = "awake";
  bool fair = true;  ///< the networks that judged were like this one
};

/// The network slept, or would have if the guard had let it (0 steps).
struct SleptStage {
  std::uint64_t steps = 0;
  std::uint64_t seed = 1;
  std::string parameters = {};  ///< TOML
  std::optional<GuardNote> guard = {};
  std::string input_spikes = {};  ///< the file of the spikes that drove it; empty: noise did
};

/// The outputs were rescaled.
struct WokenStage {
  double gain = 1;
};

/// The hidden layers come from a network that had learned other data.
struct PretrainedStage {
  std::string data;
  Subset subset;
  std::vector<Stage> history;
};

/// Something that was done with a network.
struct Stage {
  std::variant<TrainedStage, SleptStage, WokenStage, PretrainedStage> what;
};

/// How a network was made: what the stages to come need to see the same data and to go on in the
/// same way. Model files keep it in their metadata ("hypnos.recipe", JSON).
struct Recipe {
  std::string data = {};     ///< name, or full path of a folder or file; empty: not known
  DataReading reading = {};  ///< how they are read
  std::optional<DataRecord> record = {};  ///< what they were; empty: not known
  Subset subset = {};                     ///< of the training half
  std::uint64_t seed = 1;
  std::optional<TrainingOptions> training = {};  ///< empty: not known
  std::vector<Stage> history = {};               ///< in the order in which it was done
};

/// A network and how it was made.
struct TrainedNetwork {
  Network network;
  Recipe recipe;
};

/// The recipe that a model file has; an empty one if Hypnos did not make the model.
/// @param file named in errors
/// @throws FileError when the recipe is damaged.
Recipe read_recipe(const Model& model, const std::string& file);

/// Puts the recipe into the model's metadata.
void write_recipe(Model& model, const Recipe& recipe);

/// The seed of the next training: stage n of the history has the recipe's seed + n, so that each
/// training draws anew.
std::uint64_t next_seed(const Recipe& recipe);

/// Whether the network began with the hidden layers of another one.
bool was_pretrained(const Recipe& recipe);

/// The name of the first stage that changed the network after its training ("finetune", "sleep",
/// "wake"); empty: it is as it was trained.
std::string changed_by(const Recipe& recipe);

}  // namespace hypnos
