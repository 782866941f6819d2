#include "tasks/importance.hpp"

#include <algorithm>
#include <numeric>

#include "base/softmax.hpp"
#include "hypnos/dataset_prediction.hpp"
#include "training/output_error.hpp"

namespace hypnos {
namespace {

using Responses = std::vector<std::vector<float>>;

std::vector<float> error_of_output(const Network& network, std::span<const float> output,
                                   std::size_t label) {
  const std::size_t padded =
      (output.size() + 1 + softmax_padding - 1) / softmax_padding * softmax_padding;
  std::vector<float> error(padded, 0.0F);
  std::vector<float> scratch(padded, 0.0F);
  std::copy(output.begin(), output.end(), error.begin());
  output_error(network.output, error, network.outputs(), label, scratch);
  error.resize(network.outputs());
  return error;
}

std::vector<float> error_below(const Layer& layer, std::span<const float> error,
                               std::span<const float> responses, float scale) {
  std::vector<float> below(layer.inputs, 0.0F);
  for (std::size_t o = 0; o < layer.outputs; ++o) {
    if (error[o] == 0) continue;
    const float* row = layer.weights.data() + o * layer.inputs;
    for (std::size_t i = 0; i < layer.inputs; ++i) below[i] += error[o] * row[i];
  }
  for (std::size_t i = 0; i < layer.inputs; ++i) below[i] = responses[i] > 0 ? scale * below[i] : 0;
  return below;
}

void add_squares(Layer& importance, std::span<const float> error, std::span<const float> below,
                 float part) {
  std::vector<float> squares(below.size());
  for (std::size_t i = 0; i < below.size(); ++i) squares[i] = below[i] * below[i];
  for (std::size_t o = 0; o < importance.outputs; ++o) {
    const float square = part * error[o] * error[o];
    if (square == 0) continue;
    float* row = importance.weights.data() + o * importance.inputs;
    for (std::size_t i = 0; i < squares.size(); ++i) row[i] += square * squares[i];
    if (!importance.biases.empty()) importance.biases[o] += square;
  }
}

// [layers + 1][samples x units], the input first.
Responses responses_to(const Network& network, const Dataset& data, const Execution& execution) {
  Responses all(network.layers.size() + 1);
  all[0] = images_of(data);
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    all[l + 1].resize(data.size() * network.layers[l].outputs);
  }
  predict(network, all[0], execution,
          [&](std::size_t layer, std::size_t first, std::span<const float> responses) {
            std::copy(responses.begin(), responses.end(),
                      all[layer + 1].begin() +
                          static_cast<std::ptrdiff_t>(first * network.layers[layer].outputs));
          });
  return all;
}

}  // namespace

std::vector<Layer> weight_importance(const Network& network, const Dataset& data, std::size_t most,
                                     const Execution& execution) {
  std::vector<Layer> importance;
  importance.reserve(network.layers.size());
  for (const Layer& layer : network.layers) {
    importance.push_back({.outputs = layer.outputs,
                          .inputs = layer.inputs,
                          .weights = std::vector<float>(layer.weights.size(), 0.0F),
                          .biases = std::vector<float>(layer.biases.size(), 0.0F)});
  }
  const std::size_t samples = std::min(most, data.size());
  std::vector<std::uint32_t> first(samples);
  std::iota(first.begin(), first.end(), 0U);
  const Dataset looked_at = select(data, first);
  const Responses all = responses_to(network, looked_at, {.threads = execution.threads});
  const float part = 1 / static_cast<float>(samples);
  for (std::size_t s = 0; s < samples; ++s) {
    execution.progress.tell(static_cast<double>(s) / static_cast<double>(samples));
    const auto of = [&](std::size_t l) {
      const std::size_t units = all[l].size() / samples;
      return std::span(all[l]).subspan(s * units, units);
    };
    std::vector<float> error =
        error_of_output(network, of(network.layers.size()), looked_at.labels[s]);
    for (std::size_t l = network.layers.size(); l-- > 0;) {
      add_squares(importance[l], error, of(l), part);
      if (l > 0) error = error_below(network.layers[l], error, of(l), network.test_factor());
    }
  }
  return importance;
}

}  // namespace hypnos
