#include "training/weight_average.hpp"

namespace hypnos {
namespace {

void add_to(std::vector<double>& sums, const std::vector<float>& values) {
  sums.resize(values.size());
  for (std::size_t v = 0; v < values.size(); ++v) sums[v] += values[v];
}

void divide(const std::vector<double>& sums, std::uint64_t by, std::vector<float>& values) {
  const auto count = static_cast<double>(by);
  for (std::size_t v = 0; v < values.size(); ++v) values[v] = static_cast<float>(sums[v] / count);
}

}  // namespace

void WeightAverage::add(const Backpropagation& trained) {
  trained.copy_to(moment_);
  sums_.resize(2 * moment_.layers.size());
  for (std::size_t l = 0; l < moment_.layers.size(); ++l) {
    add_to(sums_[2 * l], moment_.layers[l].weights);
    add_to(sums_[2 * l + 1], moment_.layers[l].biases);
  }
  ++moments_;
}

void WeightAverage::copy_to(Network& network) const {
  if (moments_ == 0) return;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    divide(sums_[2 * l], moments_, network.layers[l].weights);
    divide(sums_[2 * l + 1], moments_, network.layers[l].biases);
  }
}

}  // namespace hypnos
