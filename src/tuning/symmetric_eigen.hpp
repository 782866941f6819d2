#pragma once

#include <cstddef>
#include <vector>

namespace hypnos {

/// A symmetric matrix C = B diag(values) B^T.
struct SymmetricEigen {
  std::vector<double> values;   ///< [n], in no order
  std::vector<double> vectors;  ///< B [n x n], row-major: column k belongs to values[k]
};

/// Finds it by Jacobi's rotations, in plain double arithmetic: the same bits on every machine. The
/// time grows with n^3.
/// @param matrix [n x n], row-major, symmetric
SymmetricEigen decompose_symmetric(std::vector<double> matrix, std::size_t n);

}  // namespace hypnos
