#include "network/batch_norm.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "hypnos/error.hpp"
#include "network/element_type.hpp"

namespace hypnos {
namespace {

std::vector<float> values_of(const StoredTensor& tensor) {
  return to_floats(tensor.type, tensor.bytes);
}

// y = scale x + shift, of each unit.
struct Affine {
  std::vector<double> scale;
  std::vector<double> shift;
};

// Without a BatchNorm nothing is changed.
Affine affine_of(const std::optional<BatchNorm>& norm, std::size_t units) {
  Affine affine{.scale = std::vector<double>(units, 1.0), .shift = std::vector<double>(units, 0.0)};
  if (!norm) return affine;
  const std::vector<float> mean = values_of(norm->mean);
  const std::vector<float> variance = values_of(norm->variance);
  const std::vector<float> scale = norm->scale ? values_of(*norm->scale) : std::vector<float>();
  const std::vector<float> shift = norm->shift ? values_of(*norm->shift) : std::vector<float>();
  for (std::size_t i = 0; i < units; ++i) {
    affine.scale[i] =
        (scale.empty() ? 1.0 : double{scale[i]}) / std::sqrt(double{variance[i]} + norm->epsilon);
    affine.shift[i] = (shift.empty() ? 0.0 : double{shift[i]}) - affine.scale[i] * double{mean[i]};
  }
  return affine;
}

void check(const std::filesystem::path& path, const std::optional<BatchNorm>& norm,
           const Affine& affine) {
  if (!norm) return;
  for (std::size_t i = 0; i < affine.scale.size(); ++i) {
    if (!std::isfinite(affine.scale[i]) || !std::isfinite(affine.shift[i])) {
      throw FileError(path, fmt::format("{}: of unit {} this BatchNorm makes NaN or infinity",
                                        norm->variance.name, i));
    }
    if (affine.scale[i] == 0) {
      throw FileError(path, fmt::format("{}: the scale of unit {} is 0, so that the BatchNorm "
                                        "cannot be taken out of the weights again; remove the unit",
                                        norm->name, i));
    }
  }
}

bool has_norm(const LayerFormat& format) {
  return format.input_norm || format.output_norm;
}

// b + W t, of each unit; the weights are as they are stored.
std::vector<double> inner_biases(const Layer& stored, const Affine& in) {
  std::vector<double> biases(stored.biases.begin(), stored.biases.end());
  biases.resize(stored.outputs, 0.0);
  for (std::size_t o = 0; o < stored.outputs; ++o) {
    for (std::size_t i = 0; i < stored.inputs; ++i) {
      biases[o] += double{stored.weights[o * stored.inputs + i]} * in.shift[i];
    }
  }
  return biases;
}

bool same_bits(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

// The layer as it was read.
Layer stored_layer(const Layer& folded, const LayerFormat& format) {
  Layer layer{.outputs = folded.outputs, .inputs = folded.inputs};
  layer.weights = to_floats(format.weights_type, format.weights_bytes);
  if (!format.biases_name.empty()) {
    layer.biases = to_floats(format.biases_type, format.biases_bytes);
  }
  return layer;
}

// Takes the BatchNorms out of the weights that changed; the others stay as they are.
void unfold_weights(const Layer& folded, const Layer& was, const Affine& in, const Affine& out,
                    const std::string& type, std::vector<float>& weights) {
  for (std::size_t o = 0; o < folded.outputs; ++o) {
    for (std::size_t i = 0; i < folded.inputs; ++i) {
      const std::size_t at = o * folded.inputs + i;
      if (same_bits(folded.weights[at], was.weights[at])) continue;
      weights[at] = static_cast<float>(double{folded.weights[at]} / (out.scale[o] * in.scale[i]));
    }
  }
  weights = to_floats(type, to_bytes(type, weights));
}

// Lets the BatchNorm shift its units by what their biases need.
void set_shift(BatchNorm& norm, const Affine& affine, const std::vector<double>& shift) {
  StoredTensor& tensor = norm.shift ? *norm.shift : norm.mean;
  std::vector<float> values = values_of(tensor);
  const std::vector<float> mean = values_of(norm.mean);
  for (std::size_t o = 0; o < shift.size(); ++o) {
    values[o] = static_cast<float>(norm.shift ? shift[o] + affine.scale[o] * double{mean[o]}
                                              : -shift[o] / affine.scale[o]);
  }
  tensor.bytes = to_bytes(tensor.type, values);
}

}  // namespace

Layer fold(const std::filesystem::path& path, const Layer& layer, const LayerFormat& format) {
  if (!has_norm(format)) return layer;
  const Affine in = affine_of(format.input_norm, layer.inputs);
  const Affine out = affine_of(format.output_norm, layer.outputs);
  check(path, format.input_norm, in);
  check(path, format.output_norm, out);
  if (format.input_norm && !format.output_norm && layer.biases.empty()) {
    throw FileError(path, fmt::format("{}: a BatchNorm in front of a layer needs biases in it",
                                      format.weights_name));
  }
  Layer folded = layer;
  const std::vector<double> biases = inner_biases(layer, in);
  folded.biases.resize(layer.outputs);
  for (std::size_t o = 0; o < layer.outputs; ++o) {
    folded.biases[o] = static_cast<float>(out.scale[o] * biases[o] + out.shift[o]);
    for (std::size_t i = 0; i < layer.inputs; ++i) {
      float& w = folded.weights[o * layer.inputs + i];
      w = static_cast<float>(out.scale[o] * double{w} * in.scale[i]);
    }
  }
  return folded;
}

Unfolded unfold(const Layer& layer, const LayerFormat& format) {
  if (!has_norm(format)) return {.layer = layer, .output_norm = {}};
  const Affine in = affine_of(format.input_norm, layer.inputs);
  const Affine out = affine_of(format.output_norm, layer.outputs);
  Unfolded result{.layer = stored_layer(layer, format), .output_norm = format.output_norm};
  Layer& stored = result.layer;
  const Layer was = fold({}, stored, format);
  unfold_weights(layer, was, in, out, format.weights_type, stored.weights);
  const bool weights_matter = format.input_norm && layer.weights != was.weights;
  if (!weights_matter && layer.biases == was.biases) return result;
  const std::vector<double> inner = inner_biases(stored, in);
  if (result.output_norm) {
    std::vector<double> shift(layer.outputs);
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      shift[o] = double{layer.biases[o]} - out.scale[o] * inner[o];
    }
    set_shift(*result.output_norm, out, shift);
  } else {
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      const double from_inputs = inner[o] - double{stored.biases[o]};
      stored.biases[o] = static_cast<float>(double{layer.biases[o]} - from_inputs);
    }
  }
  return result;
}

}  // namespace hypnos
