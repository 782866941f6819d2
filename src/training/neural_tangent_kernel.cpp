#include <algorithm>
#include <cmath>
#include <numbers>

#include "hypnos/kernel_regression.hpp"
#include "training/linear_algebra.hpp"

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
                                          std::size_t hidden_layers) {
  const std::vector<double> x(first.begin(), first.end());
  const std::vector<double> y(second.begin(), second.end());
  const std::vector<double> of_x = mean_squares(x, features);
  const std::vector<double> of_y = mean_squares(y, features);
  std::vector<double> kernel = product_with_transposed(x, y, features);
  double* value = kernel.data();
  for (const double a : of_x) {
    for (const double b : of_y) {
      *value = tangent(*value / static_cast<double>(features), std::sqrt(a * b), hidden_layers);
      ++value;
    }
  }
  return kernel;
}

}  // namespace hypnos
