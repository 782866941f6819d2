#pragma once

#include <cstdint>
#include <vector>

#include "hypnos/network.hpp"
#include "training/backpropagation.hpp"

namespace hypnos {

/// The mean of a network's weights and biases at several moments of its training.
class WeightAverage {
 public:
  /// @param network of this form; nothing is kept of it until add()
  explicit WeightAverage(const Network& network) : moment_(network) {}

  void add(const Backpropagation& trained);

  /// Leaves the network as it is when there was no moment: training of 0 epochs.
  void copy_to(Network& network) const;

 private:
  Network moment_;
  std::vector<std::vector<double>> sums_;  // of each layer: weights, and then biases
  std::uint64_t moments_ = 0;
};

}  // namespace hypnos
