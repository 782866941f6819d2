#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/products.hpp"
#include "base/random.hpp"
#include "base/thread_team.hpp"
#include "hypnos/network.hpp"
#include "hypnos/training.hpp"
#include "training/batch.hpp"
#include "training/update_rule.hpp"

namespace hypnos {

/// An anchor (hypnos/training.hpp) in the order in which the products read it.
struct Pull {
  std::vector<LayerPanels> at;
  std::vector<LayerPanels> importance;
  double strength = 0;
};

/// A network under training, in plain backpropagation. Its weights, activations and errors are kept
/// as panels. The gradient of a layer goes straight into the step of its weights.
class Backpropagation {
 public:
  /// @param most samples that a batch may have
  Backpropagation(const Network& network, std::size_t most, std::unique_ptr<UpdateRule> rule,
                  std::uint64_t seed, ThreadTeam& team);

  /// Takes over what the update rule of another training has kept, and gives it away.
  void begin_from(const OptimizerState& state);
  OptimizerState state() const;

  /// Adds learning_rate * strength * importance * (w - w*) to what the weights go down by in the
  /// next update. For SGD.
  void pull(const Pull& pull, double learning_rate);

  /// One update of all weights by a batch.
  /// @return the sum of its samples' losses
  double update(const Batch& batch, double learning_rate);

  /// Writes the weights and biases as they are now into the network.
  void copy_to(Network& network) const;

 private:
  struct TrainedLayer {
    LayerPanels panels;
    std::vector<LayerPanels> kept;  // what the update rule keeps
    Panels activations;             // [samples x outputs]
    Panels errors;                  // dL/dz, [samples x outputs]
    Panels errors_transposed;       // [outputs x samples]
  };

  const Panels& below(std::size_t layer, const Batch& batch) const {
    return layer == 0 ? batch.images() : layers_[layer - 1].activations;
  }
  void draw_dropout(std::size_t samples, std::size_t units);
  void forward(const Batch& batch);
  double output_errors(const Batch& batch);
  void backward(const Batch& batch, const UpdateStep& step);

  OutputKind output_;
  std::uint64_t updates_ = 0;  // of this training and those that it goes on from
  std::unique_ptr<UpdateRule> rule_;
  ThreadTeam& team_;
  std::vector<TrainedLayer> layers_;

  // Hidden units are dropped at random, and those that are kept are scaled.
  std::uint32_t drop_below_;  // a unit whose random word is below this is dropped
  float kept_scale_ = 1;
  RandomStream dropout_random_;
  std::uint64_t dropout_position_ = 0;  // one sub-stream for each hidden layer of each batch
  std::vector<std::uint32_t> words_;

  std::vector<std::vector<float>> rows_;  // two padded rows of outputs for each thread
  std::vector<double> losses_;
};

}  // namespace hypnos
