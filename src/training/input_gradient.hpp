#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/panels.hpp"
#include "base/thread_team.hpp"
#include "hypnos/network.hpp"

namespace hypnos {

/// The gradient of the loss of hypnos/attack.hpp by the inputs, of a network in test mode.
class InputGradient {
 public:
  /// @param most samples at a time
  InputGradient(const Network& network, std::size_t most, unsigned threads);

  /// @param images [labels.size() or more x inputs]
  /// @return [most x inputs], until the next call
  const Panels& of(const Panels& images, std::span<const std::uint32_t> labels);

 private:
  struct PassedLayer {
    LayerPanels panels;
    Panels activations;        // [samples x outputs]
    Panels errors;             // dL/dz, likewise
    Panels errors_transposed;  // [outputs x samples]
  };

  void forward(const Panels& images, std::size_t samples);
  void output_errors(std::span<const std::uint32_t> labels);

  OutputKind output_;
  float factor_;
  ThreadTeam team_;
  std::vector<PassedLayer> layers_;
  Panels all_active_;  // the inputs, as units that all pass errors on
  Panels gradient_;
  Panels gradient_transposed_;
  std::vector<std::vector<float>> rows_;  // two padded rows of outputs for each thread
};

}  // namespace hypnos
