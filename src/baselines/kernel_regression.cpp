#include "hypnos/kernel_regression.hpp"

#include <fmt/format.h>

#include <cassert>

#include "baselines/cholesky.hpp"
#include "baselines/closed_form.hpp"
#include "baselines/linear_algebra.hpp"
#include "hypnos/error.hpp"

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

}  // namespace

KernelRegression fit_kernel_regression(std::span<const double> kernel,
                                       std::span<const std::uint32_t> labels, std::size_t classes,
                                       std::span<const double> ridges, const Execution& execution) {
  const std::size_t n = labels.size();
  assert(kernel.size() == n * n && !ridges.empty());
  if (n < 2) throw InputError("a kernel regression needs two samples or more");
  std::vector<double> targets(n * classes, 0);
  double trace = 0;
  for (std::size_t i = 0; i < n; ++i) {
    targets[i * classes + labels[i]] = 1;
    trace += kernel[i * n + i];
  }
  KernelRegression best;
  LeftOut best_left_out;
  for (std::size_t r = 0; r < ridges.size(); ++r) {
    const auto done = static_cast<double>(r);
    const auto all = static_cast<double>(ridges.size());
    const auto part = [&](double begin, double end) {
      return Execution{
          .threads = execution.threads,
          .progress = execution.progress.stretch((done + begin) / all, (done + end) / all)};
    };
    const double ridge = ridges[r] * trace / static_cast<double>(n);
    const auto cholesky = Cholesky::factorize(kernel, n, ridge, part(0, 0.5));
    if (!cholesky) continue;  // too small a ridge for so singular a kernel
    auto coefficients = cholesky->solve(targets, part(0.5, 0.55).progress);
    const auto diagonal = cholesky->inverse_diagonal(part(0.55, 1));
    const LeftOut left_out = leave_one_out(coefficients, diagonal, labels);
    if (best.coefficients.empty() || left_out > best_left_out) {
      best_left_out = left_out;
      best = {.ridge = ridges[r],
              .leave_one_out = static_cast<double>(left_out.right) / static_cast<double>(n),
              .coefficients = std::move(coefficients)};
    }
  }
  if (best.coefficients.empty()) {
    throw InputError("the kernel regression has no solution; are all images empty?");
  }
  return best;
}

ClosedFormAnswers classify_by_tangent_kernel(const Dataset& training, const Dataset& test,
                                             std::size_t hidden_layers,
                                             const Execution& execution) {
  check_same_kind(training, test);
  const auto part = [&](const Progress& progress) {
    return Execution{.threads = execution.threads, .progress = progress};
  };
  const std::vector<float> training_images = images_of(training);
  const auto kernel_with_training = [&](std::span<const float> images, const Progress& progress) {
    return neural_tangent_kernel(images, training_images, training.shape.features(), hidden_layers,
                                 part(progress));
  };
  constexpr double ridges[] = {1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3,
                               3e-3, 1e-2, 3e-2, 0.1,  0.3,  1};
  // Rough parts of the whole: the factorizations take most of the time.
  const Progress& progress = execution.progress;
  const KernelRegression fit = fit_kernel_regression(
      kernel_with_training(training_images, progress.stretch(0, 0.1)), training.labels,
      training.classes, ridges, part(progress.stretch(0.1, 0.8)));
  ClosedFormAnswers result{.answers = {}, .chosen = fit.ridge, .leave_one_out = fit.leave_one_out};
  const Progress answering = progress.stretch(0.8, 1);
  for_each_block(test, answering, [&](std::span<const float> images, const Progress& told) {
    const auto outputs = product(kernel_with_training(images, told), fit.coefficients,
                                 training.size(), training.classes);
    for (std::size_t first = 0; first < outputs.size(); first += training.classes) {
      result.answers.push_back(largest(std::span(outputs).subspan(first, training.classes)));
    }
  });
  return result;
}

}  // namespace hypnos
