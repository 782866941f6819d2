#include "support/networks.hpp"

#include <random>

namespace hypnos::test {

Network random_network(std::span<const std::size_t> sizes, float low, float high,
                       std::uint64_t seed, bool biases) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<float> weight(low, high);
  Network network;
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    Layer layer{.outputs = sizes[l + 1], .inputs = sizes[l]};
    layer.weights.resize(layer.outputs * layer.inputs);
    for (float& w : layer.weights) w = weight(engine);
    if (biases) layer.biases.resize(layer.outputs);
    for (float& b : layer.biases) b = weight(engine);
    network.layers.push_back(std::move(layer));
  }
  return network;
}

Dataset toy_data(std::size_t samples, std::size_t rows, std::size_t columns, std::size_t classes,
                 std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<float> pixel(0, 1);
  Dataset data{.name = "toy",
               .shape = {.rows = rows, .columns = columns, .channels = 1},
               .classes = classes};
  std::vector<float> patterns(classes * rows * columns);
  for (float& p : patterns) p = pixel(engine) > 0.7F ? 1.0F : 0.0F;
  for (std::size_t s = 0; s < samples; ++s) {
    const std::size_t label = s % classes;
    data.labels.push_back(static_cast<std::uint32_t>(label));
    for (std::size_t j = 0; j < rows * columns; ++j) {
      data.images.push_back(0.8F * patterns[label * rows * columns + j] + 0.2F * pixel(engine));
    }
  }
  return data;
}

TwoForms pixels_in_two_forms(std::size_t samples, const ImageShape& shape, std::size_t classes) {
  Dataset bytes{.name = "pixels", .shape = shape, .classes = classes};
  std::mt19937 engine(7);
  for (std::size_t s = 0; s < samples; ++s) {
    const std::size_t label = s % classes;
    for (std::size_t j = 0; j < shape.features(); ++j) {
      const std::size_t pattern = j % classes == label ? 155 : 0;
      bytes.pixels.push_back(static_cast<std::uint8_t>(pattern + engine() % 101));
    }
    bytes.labels.push_back(static_cast<std::uint32_t>(label));
  }
  Dataset numbers = bytes;
  numbers.pixels.clear();
  for (const std::uint8_t pixel : bytes.pixels) {
    numbers.images.push_back(static_cast<float>(pixel / 255.0));
  }
  return {.bytes = bytes, .numbers = numbers};
}

}  // namespace hypnos::test
