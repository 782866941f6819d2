#pragma once

// What closed-form classifiers need of linear algebra, in double precision and row-major, by
// libtorch.

#include <cstddef>
#include <span>
#include <vector>

namespace hypnos {

/// a b^T, [rows of a x rows of b]; both have so many columns.
std::vector<double> product_with_transposed(std::span<const double> a, std::span<const double> b,
                                            std::size_t columns);

/// a b, [rows of a x columns].
/// @param inner columns of a, rows of b
std::vector<double> product(std::span<const double> a, std::span<const double> b, std::size_t inner,
                            std::size_t columns);

/// a^T b, [columns of a x columns of b]; both have so many rows.
std::vector<double> transposed_product(std::span<const double> a, std::span<const double> b,
                                       std::size_t rows);

/// symmetric = Q diag(values) Q^T.
struct Eigensystem {
  std::vector<double> values;   ///< ascending
  std::vector<double> vectors;  ///< Q: [n x n], an eigenvector per column
};
Eigensystem eigensystem(std::span<const double> symmetric, std::size_t n);

}  // namespace hypnos
