#pragma once

// Keeps trained networks as model files, so that trials which differ in their sleep alone train
// once.

#include <filesystem>
#include <functional>

#include "hypnos/data_sets.hpp"
#include "hypnos/dataset.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/recipe.hpp"
#include "hypnos/trial.hpp"

namespace hypnos {

/// A trained network, as `hypnos train` would have written it.
struct CachedNetwork {
  TrainedNetwork trained;
  double seconds = 0;  ///< that training took now; 0: it was there already
};

/// Gives the network whose hidden layers a trial begins with.
using Beginning = std::function<TrainedNetwork()>;

class NetworkCache {
 public:
  /// @param folder is made when the first network is kept
  explicit NetworkCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path file_of(const Trial& trial) const;

  /// Gives the trial's trained network: from its file, or else it is trained and kept. While
  /// another thread or process trains it, this waits.
  /// @param subset the samples that it is trained on
  /// @param data what the subset is drawn from, for the recipe
  /// @param pretrained is asked only if the network is trained now; empty: it begins at random
  /// @throws Stopped; as train().
  CachedNetwork get(const Trial& trial, const Dataset& subset, DataSets& data,
                    const Execution& execution, const Beginning& pretrained = {}) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace hypnos
