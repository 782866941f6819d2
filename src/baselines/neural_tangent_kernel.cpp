#include <algorithm>
#include <cmath>
#include <numbers>

#include "baselines/linear_algebra.hpp"
#include "hypnos/kernel_regression.hpp"

namespace hypnos {
namespace {

// S_0(x, x) of each sample.
std::vector<double> mean_squares(std::span<const double> samples, std::size_t features) {
  std::vector<double> means(samples.size() / features, 0);
  for (std::size_t s = 0; s < means.size(); ++s) {
    for (const double x : samples.subspan(s * features, features)) means[s] += x * x;
    means[s] /= static_cast<double>(features);
  }
  return means;
}

// T_h of two samples whose S(x, x) S(y, y) has the square root `scale`, in all layers.
double tangent(double s, double scale, std::size_t hidden_layers) {
  if (scale <= 0) return 0;  // one of them is 0 everywhere
  double t = s;
  for (std::size_t h = 0; h < hidden_layers; ++h) {
    const double cosine = std::clamp(s / scale, -1.0, 1.0);
    const double open = std::numbers::pi - std::acos(cosine);
    const double sine = std::sqrt((1 - cosine) * (1 + cosine));
    s = scale * (sine + open * cosine) / std::numbers::pi;
    t = s + t * open / std::numbers::pi;
  }
  return t;
}

}  // namespace

std::vector<double> neural_tangent_kernel(std::span<const float> first,
                                          std::span<const float> second, std::size_t features,
                                          std::size_t hidden_layers, const Execution& execution) {
  const std::vector<double> x(first.begin(), first.end());
  const std::vector<double> y(second.begin(), second.end());
  const std::vector<double> of_x = mean_squares(x, features);
  const std::vector<double> of_y = mean_squares(y, features);
  const auto to_kernel = [&](const ProductBlock& block) {
    for (std::size_t i = 0; i < block.rows; ++i) {
      for (std::size_t j = 0; j < block.columns; ++j) {
        double& value = block.values[i * block.stride + j];
        const double scale = std::sqrt(of_x[block.first_row + i] * of_y[block.first_column + j]);
        value = tangent(value / static_cast<double>(features), scale, hidden_layers);
      }
    }
  };
  return product_with_transposed(x, y, features, execution, to_kernel);
}

}  // namespace hypnos
