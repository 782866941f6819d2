#pragma once

// Cholesky factorization of large symmetric matrices, in blocks: A + ridge I = L L^T with a lower
// triangular L. It tells its progress from block to block and can be stopped there. Results do not
// depend on the number of threads.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "hypnos/progress.hpp"

namespace hypnos {

class Cholesky {
 public:
  /// @param matrix A, [n x n]; its lower half is read
  /// @return nothing when A + ridge I is not positive definite
  static std::optional<Cholesky> factorize(std::span<const double> matrix, std::size_t n,
                                           double ridge, const Execution& execution = {});

  /// (A + ridge I)^-1 right.
  /// @param right [n x columns]
  std::vector<double> solve(std::span<const double> right, const Progress& progress = {}) const;

  /// The diagonal of (A + ridge I)^-1, [n].
  std::vector<double> inverse_diagonal(const Execution& execution = {}) const;

 private:
  Cholesky(std::span<const double> matrix, std::size_t n, double ridge);
  bool factorize(const Execution& execution);

  std::size_t n_;
  std::vector<double> factor_;  // L in the lower half; the upper half means nothing
};

}  // namespace hypnos
