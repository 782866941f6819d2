#include "hypnos/kernel_regression.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "hypnos/error.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

using Row = std::vector<double>;

// The tangent kernel of one wide network with random weights of variance 2 / inputs: the products
// of the gradients of its one output, summed over all weights, each layer's gradient in units of
// its own scale (standard parametrization by w = sqrt(2 / inputs) v, over v; the output and the
// input layer without the 2).
class WideNetwork {
 public:
  WideNetwork(std::size_t inputs, std::size_t width, std::size_t hidden_layers,
              std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::normal_distribution<double> normal;
    std::size_t below = inputs;
    for (std::size_t l = 0; l <= hidden_layers; ++l) {
      const std::size_t units = l < hidden_layers ? width : 1;
      Row weights(units * below);
      for (double& w : weights) w = normal(engine);
      layers_.push_back(weights);
      below = units;
    }
  }

  double kernel(std::span<const float> x, std::span<const float> y) const {
    const auto [of_x, deltas_x] = gradient_parts({x.begin(), x.end()});
    const auto [of_y, deltas_y] = gradient_parts({y.begin(), y.end()});
    double sum = 0;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      sum += dot(of_x[l], of_y[l]) * dot(deltas_x[l], deltas_y[l]);
    }
    return sum;
  }

 private:
  static double dot(const Row& a, const Row& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  }

  // Of each layer: scaled activations below it, and d output / d its input.
  std::pair<std::vector<Row>, std::vector<Row>> gradient_parts(Row a) const {
    std::vector<Row> activations;
    std::vector<Row> inputs;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const double gain = l == 0 ? 1 : 2;  // the first layer sees no ReLU
      for (double& value : a) value *= std::sqrt(gain / static_cast<double>(a.size()));
      activations.push_back(a);
      Row z(layers_[l].size() / a.size(), 0);
      for (std::size_t i = 0; i < z.size(); ++i) {
        for (std::size_t j = 0; j < a.size(); ++j) z[i] += layers_[l][i * a.size() + j] * a[j];
      }
      inputs.push_back(z);
      a = z;
      for (double& value : a) value = std::max(value, 0.0);
    }
    std::vector<Row> deltas(layers_.size());
    deltas.back() = {1};
    for (std::size_t l = layers_.size() - 1; l > 0; --l) {
      const std::size_t below = inputs[l - 1].size();
      deltas[l - 1].assign(below, 0);
      for (std::size_t j = 0; j < below; ++j) {
        if (inputs[l - 1][j] <= 0) continue;
        for (std::size_t i = 0; i < deltas[l].size(); ++i) {
          deltas[l - 1][j] += deltas[l][i] * layers_[l][i * below + j];
        }
        deltas[l - 1][j] *= std::sqrt(2 / static_cast<double>(below));
      }
    }
    return {activations, deltas};
  }

  std::vector<Row> layers_;
};

TEST(NeuralTangentKernel, IsThatOfAWideNetwork) {
  const Dataset data = test::toy_data(4, 2, 3, 4, 3);
  for (const std::size_t hidden_layers : {1U, 2U}) {
    const auto kernel = neural_tangent_kernel(data.images, data.images, 6, hidden_layers);
    std::vector<double> mean(16, 0);
    constexpr int networks = 20;
    for (int n = 0; n < networks; ++n) {
      const WideNetwork network(6, 400, hidden_layers, static_cast<std::uint64_t>(n));
      for (std::size_t i = 0; i < 16; ++i) {
        mean[i] +=
            network.kernel(test::image_of(data, i / 4), test::image_of(data, i % 4)) / networks;
      }
    }
    // The deviation of one of 400 units is about 5% of the kernel, of the mean of 20 1.2%.
    for (std::size_t i = 0; i < 16; ++i) {
      EXPECT_NEAR(mean[i] / kernel[i], 1, 0.05) << hidden_layers << " " << i;
    }
  }
}

TEST(NeuralTangentKernel, KnownValues) {
  // Orthogonal samples of length sqrt(features): S_1 = 1 / pi, T_1 = S_1 + 0.
  const std::vector<float> samples = {std::numbers::sqrt2_v<float>, 0, 0,
                                      std::numbers::sqrt2_v<float>, 0, 0};
  const auto one = neural_tangent_kernel(samples, samples, 2, 1);
  EXPECT_NEAR(one[0], 2, 1e-6) << "each layer adds S(x, x)";
  EXPECT_NEAR(one[1], 1 / std::numbers::pi, 1e-7);
  const auto two = neural_tangent_kernel(samples, samples, 2, 2);
  EXPECT_NEAR(two[0], 3, 1e-6);
  const double s = 1 / std::numbers::pi;
  const double angle = std::acos(s);
  const double next = (std::sin(angle) + (std::numbers::pi - angle) * s) / std::numbers::pi;
  EXPECT_NEAR(two[1], next + s * (std::numbers::pi - angle) / std::numbers::pi, 1e-7);
  EXPECT_EQ(two[2], 0) << "nothing answers to an empty image";
  EXPECT_EQ(two[8], 0);
}

// Solves (K + ridge I) A = Y by Gauss and Jordan.
std::vector<Row> solve(std::vector<Row> k, double ridge, std::vector<Row> y) {
  const std::size_t n = k.size();
  for (std::size_t i = 0; i < n; ++i) k[i][i] += ridge;
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t i = 0; i < n; ++i) {
      if (i == p) continue;
      const double factor = k[i][p] / k[p][p];
      for (std::size_t j = 0; j < n; ++j) k[i][j] -= factor * k[p][j];
      for (std::size_t c = 0; c < y[i].size(); ++c) y[i][c] -= factor * y[p][c];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (double& value : y[i]) value /= k[i][i];
  }
  return y;
}

TEST(KernelRegression, LeavesOneOutAsIfFittedWithoutIt) {
  // Labels that are hard to tell from the images, so that the ridge matters.
  Dataset data = test::toy_data(30, 3, 3, 3, 5);
  for (std::size_t s = 0; s < 30; s += 4) data.labels[s] = (data.labels[s] + 1) % 3;
  const std::size_t n = data.size();
  const auto kernel = neural_tangent_kernel(data.images, data.images, 9, 2);
  double trace = 0;
  for (std::size_t i = 0; i < n; ++i) trace += kernel[i * n + i];
  const double ridges[] = {1e-4, 1e-3, 0.01, 0.1, 1, 10};
  std::vector<std::size_t> rights;
  std::vector<double> errors;
  for (const double ridge : ridges) {
    std::size_t right = 0;
    double error = 0;
    for (std::size_t left_out = 0; left_out < n; ++left_out) {
      std::vector<Row> k;
      std::vector<Row> y;
      for (std::size_t i = 0; i < n; ++i) {
        if (i == left_out) continue;
        Row row;
        for (std::size_t j = 0; j < n; ++j) {
          if (j != left_out) row.push_back(kernel[i * n + j]);
        }
        k.push_back(row);
        y.emplace_back(3, 0.0);
        y.back()[data.labels[i]] = 1;
      }
      const auto a = solve(k, ridge * trace / static_cast<double>(n), y);
      Row output(3, 0);
      for (std::size_t i = 0; i < n; ++i) {
        if (i == left_out) continue;
        for (std::size_t c = 0; c < 3; ++c) {
          output[c] += kernel[left_out * n + i] * a[i < left_out ? i : i - 1][c];
        }
      }
      const auto answer = std::max_element(output.begin(), output.end()) - output.begin();
      right += static_cast<std::size_t>(answer) == data.labels[left_out] ? 1 : 0;
      for (std::size_t c = 0; c < 3; ++c) {
        error += std::pow(output[c] - (c == data.labels[left_out] ? 1 : 0), 2);
      }
    }
    rights.push_back(right);
    errors.push_back(error);
    const double alone[] = {ridge};
    EXPECT_DOUBLE_EQ(fit_kernel_regression(kernel, data.labels, 3, alone).leave_one_out,
                     static_cast<double>(right) / static_cast<double>(n))
        << ridge;
  }
  EXPECT_NE(rights.front(), rights.back());
  std::size_t best = 0;
  for (std::size_t r = 1; r < rights.size(); ++r) {
    if (rights[r] > rights[best] || (rights[r] == rights[best] && errors[r] < errors[best]))
      best = r;
  }
  const KernelRegression fit = fit_kernel_regression(kernel, data.labels, 3, ridges);
  EXPECT_EQ(fit.ridge, ridges[best]);
  // The coefficients solve the system.
  std::vector<Row> k(n, Row(n));
  std::vector<Row> y(n, Row(3, 0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) k[i][j] = kernel[i * n + j];
    y[i][data.labels[i]] = 1;
  }
  const auto a = solve(k, ridges[best] * trace / static_cast<double>(n), y);
  for (std::size_t i = 0; i < 3 * n; ++i) EXPECT_NEAR(fit.coefficients[i], a[i / 3][i % 3], 1e-8);
}

TEST(KernelRegression, LearnsTheToyData) {
  const Dataset data = test::toy_data(1300, 5, 5, 4, 9);  // more than one block
  std::vector<std::uint32_t> some;
  for (std::uint32_t s = 0; s < 40; ++s) some.push_back(s);
  const Dataset training = select(data, some);
  const ClosedFormAnswers found = classify_by_tangent_kernel(training, data, 2);
  EXPECT_EQ(found.answers, data.labels);
  EXPECT_EQ(found.leave_one_out, 1);
  const Execution two_threads{.threads = 2};
  EXPECT_EQ(classify_by_tangent_kernel(training, data, 2, two_threads).answers, found.answers);
  double reached = 0;
  const Execution stopping{.progress = Progress([&](double part, std::string_view) {
                             EXPECT_GE(part, reached);
                             reached = part;
                             return part < 0.5;
                           })};
  EXPECT_THROW(classify_by_tangent_kernel(training, data, 2, stopping), Stopped);
  EXPECT_NEAR(reached, 0.5, 0.1);
  EXPECT_THROW(classify_by_tangent_kernel(training, test::toy_data(4, 2, 2, 2, 1), 2), InputError);
  EXPECT_THROW(classify_by_tangent_kernel(test::toy_data(1, 5, 5, 4, 9), data, 2), InputError);
  Dataset empty = training;
  empty.images.assign(empty.images.size(), 0);
  EXPECT_THROW(classify_by_tangent_kernel(empty, data, 2), InputError);
}

}  // namespace
}  // namespace hypnos
