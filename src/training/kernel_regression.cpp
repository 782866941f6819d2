#include "hypnos/kernel_regression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "hypnos/error.hpp"
#include "training/closed_form.hpp"
#include "training/linear_algebra.hpp"

namespace hypnos {
namespace {

// How samples are answered that are left out one by one.
struct LeftOut {
  std::size_t right = 0;
  double error = 0;  // sum of squares

  bool operator>(const LeftOut& other) const {
    return right != other.right ? right > other.right : error < other.error;
  }
};

// @param coefficients A, [samples x classes]
// @param inverse_diagonal of (K + ridge I)^-1, [samples]
LeftOut leave_one_out(std::span<const double> coefficients,
                      std::span<const double> inverse_diagonal,
                      std::span<const std::uint32_t> labels) {
  LeftOut result;
  const std::size_t classes = coefficients.size() / labels.size();
  std::vector<double> output(classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t c = 0; c < classes; ++c) {
      const double residual = coefficients[i * classes + c] / inverse_diagonal[i];
      output[c] = (c == labels[i] ? 1.0 : 0.0) - residual;
      result.error += residual * residual;
    }
    result.right += largest(output) == labels[i] ? 1 : 0;
  }
  return result;
}

std::vector<double> squares(std::span<const double> values) {
  std::vector<double> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), [](double v) { return v * v; });
  return result;
}

// Each row divided by its number.
std::vector<double> rows_divided(std::span<const double> matrix, std::span<const double> by) {
  std::vector<double> result(matrix.begin(), matrix.end());
  const std::size_t columns = matrix.size() / by.size();
  for (std::size_t i = 0; i < result.size(); ++i) result[i] /= by[i / columns];
  return result;
}

}  // namespace

KernelRegression fit_kernel_regression(std::span<const double> kernel,
                                       std::span<const std::uint32_t> labels, std::size_t classes,
                                       std::span<const double> ridges) {
  const std::size_t n = labels.size();
  assert(kernel.size() == n * n && !ridges.empty());
  if (n < 2) throw InputError("a kernel regression needs two samples or more");
  std::vector<double> targets(n * classes, 0);
  double trace = 0;
  for (std::size_t i = 0; i < n; ++i) {
    targets[i * classes + labels[i]] = 1;
    trace += kernel[i * n + i];
  }
  // With K = Q diag(v) Q^T: (K + ridge I)^-1 = Q diag(1 / (v + ridge)) Q^T.
  const Eigensystem eigen = eigensystem(kernel, n);
  const std::vector<double> turned = transposed_product(eigen.vectors, targets, n);
  const std::vector<double> squared = squares(eigen.vectors);
  KernelRegression best;
  LeftOut best_left_out;
  for (const double relative : ridges) {
    const double ridge = relative * trace / static_cast<double>(n);
    std::vector<double> lifted(n);
    std::transform(eigen.values.begin(), eigen.values.end(), lifted.begin(), [&](double v) {
      // What is negative is so by rounding alone.
      return std::max(v, 0.0) + ridge + std::numeric_limits<double>::min();
    });
    auto coefficients = product(eigen.vectors, rows_divided(turned, lifted), n, classes);
    const auto diagonal = product(squared, rows_divided(std::vector<double>(n, 1), lifted), n, 1);
    const LeftOut left_out = leave_one_out(coefficients, diagonal, labels);
    if (best.coefficients.empty() || left_out > best_left_out) {
      best_left_out = left_out;
      best = {.ridge = relative,
              .leave_one_out = static_cast<double>(left_out.right) / static_cast<double>(n),
              .coefficients = std::move(coefficients)};
    }
  }
  return best;
}

ClosedFormAnswers classify_by_tangent_kernel(const Dataset& training, const Dataset& test,
                                             std::size_t hidden_layers,
                                             const std::function<bool(double part)>& go_on) {
  check_same_kind(training, test);
  const auto kernel_with_training = [&](std::span<const float> images) {
    return neural_tangent_kernel(images, training.images, training.shape.features(), hidden_layers);
  };
  constexpr double ridges[] = {1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3,
                               3e-3, 1e-2, 3e-2, 0.1,  0.3,  1};
  const KernelRegression fit = fit_kernel_regression(kernel_with_training(training.images),
                                                     training.labels, training.classes, ridges);
  ClosedFormAnswers result{.answers = {}, .chosen = fit.ridge, .leave_one_out = fit.leave_one_out};
  const bool whole = for_each_block(test, go_on, [&](std::span<const float> images) {
    const auto outputs =
        product(kernel_with_training(images), fit.coefficients, training.size(), training.classes);
    for (std::size_t first = 0; first < outputs.size(); first += training.classes) {
      result.answers.push_back(largest(std::span(outputs).subspan(first, training.classes)));
    }
  });
  if (!whole) result.answers.clear();
  return result;
}

}  // namespace hypnos
