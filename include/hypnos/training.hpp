#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/training_options.hpp"

namespace hypnos {

/// A network with random weights, not trained.
/// @param sizes units per layer, the input first
Network make_network(std::span<const std::size_t> sizes, const TrainingOptions& options,
                     std::uint64_t seed);

/// The units of the output layer for so many classes.
/// @throws ParameterError when the output kind is not for so many.
std::size_t output_units(const TrainingOptions& options, std::size_t classes);

/// The same network with an output layer that was not trained yet: what was learned from other data
/// serves to learn from these.
void renew_output(Network& network, std::size_t classes, const TrainingOptions& options,
                  std::uint64_t seed);

/// One epoch of training, as told to the observer.
struct EpochReport {
  std::uint64_t epoch = 0;  ///< done, counted from 1
  double loss = 0;          ///< mean over the epoch's samples
};

/// What training did.
struct TrainingReport {
  std::vector<EpochReport> epochs = {};  ///< those that were finished
  std::uint64_t updates = 0;             ///< of the weights, one for each batch
  std::optional<double> loss = {};       ///< mean over the last epoch's samples, whole or not
};

/// Thrown by train() when it was asked to stop. The network is then as far as training came.
class TrainingStopped : public Stopped {
 public:
  explicit TrainingStopped(TrainingReport report) : so_far(std::move(report)) {}
  TrainingReport so_far;
};

/// Trains the network in place, by the loss of its output kind and with its dropout. Momentum
/// starts at zero. The seed determines the order of samples, the dropout masks and the
/// augmentation. The result is the same to the last bit on every machine and for every number of
/// threads.
/// @throws InputError when network and data do not fit, or the loss becomes infinite or NaN; the
///   network is then as it was.
/// @throws TrainingStopped when it was asked to stop.
TrainingReport train(Network& network, const Dataset& data, const TrainingOptions& options,
                     std::uint64_t seed, const Execution& execution = {});

/// What the optimizer keeps of the weights from one update to the next. With it a training goes on
/// where another one ended.
struct OptimizerState {
  std::vector<std::vector<Layer>> kept = {};  ///< [numbers kept][layers]; empty: all 0
  std::uint64_t updates = 0;                  ///< that it has seen
};

/// Holds the weights where they were: the loss has strength / 2 * sum importance * (w - w*)^2 more.
struct Anchor {
  const Network& at;                       ///< w*
  std::span<const Layer> importance = {};  ///< [layers], of each weight and bias
  double strength = 0;
};

/// What a training that is one of several has beside its data.
struct TrainingContext {
  OptimizerState* optimizer = nullptr;  ///< goes on from this, and is left there; null: begins anew
  /// The last samples of the data that are stored ones: a batch has as many of them as of the
  /// others, up to batch_size of each. 0: all samples are alike.
  std::size_t stored = 0;
  /// What the outputs are to become, [samples x classes], instead of 1 for the class and 0 for the
  /// others; with cross-entropy each row has the sum 1. Empty: the labels say it.
  std::span<const float> targets = {};
  const Anchor* anchor = nullptr;
};

/// The same as a part of something longer.
/// @throws ParameterError when the context does not go with the options: stored samples with
///   oversampling, an anchor with Adam, targets with a single output.
TrainingReport train(Network& network, const Dataset& data, const TrainingOptions& options,
                     std::uint64_t seed, const TrainingContext& context,
                     const Execution& execution = {});

}  // namespace hypnos
