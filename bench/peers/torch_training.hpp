#pragma once

// The peer of training_bench: backpropagation in plain steps on libtorch tensors, without its
// automatic gradients, as Hypnos trained before it had products of its own.

#include <cstdint>
#include <memory>
#include <span>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/training.hpp"

namespace hypnos::bench {

class TorchTrainer {
 public:
  /// Trains by SGD with momentum, on one thread.
  TorchTrainer(const Network& network, const TrainingOptions& options, std::uint64_t seed);
  ~TorchTrainer();

  /// One update by these samples; the sum of their losses.
  double update(const Dataset& data, std::span<const std::uint32_t> samples, double learning_rate);

  const Network& network() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The outputs of the network in test mode, on one thread.
std::vector<float> torch_outputs(const Network& network, const Dataset& data);

}  // namespace hypnos::bench
