#pragma once

// Trained networks, kept as model files: trials that differ in their sleep alone train once.

#include <filesystem>
#include <functional>

#include "hypnos/dataset.hpp"
#include "hypnos/model_file.hpp"
#include "study/trial.hpp"

namespace hypnos {

/// A trained network with its recipe, as `hypnos train` would have written it.
struct TrainedNetwork {
  Network network;
  Recipe recipe;
  double seconds = 0;  ///< that training took now; 0: it was there already
};

/// Gives the network whose hidden layers a trial begins with.
using Beginning = std::function<TrainedNetwork()>;

class NetworkCache {
 public:
  /// @param folder made when the first network is kept
  explicit NetworkCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path file_of(const Trial& trial) const;

  /// The trial's trained network: from its file, or else trained and kept. While another thread or
  /// process trains it, waits for that.
  /// @param subset the samples that it is trained on
  /// @param pretrained asked only if the network is trained now; empty: it begins at random
  /// @throws Stopped when `progress` says so; as train().
  TrainedNetwork get(const Trial& trial, const Dataset& subset, const TrainingProgress& progress,
                     const Beginning& pretrained = {}) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace hypnos
