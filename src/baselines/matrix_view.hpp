#pragma once

#include <Eigen/Core>
#include <cstddef>

namespace hypnos {

using RowMajorMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixView = Eigen::Map<RowMajorMatrix, 0, Eigen::OuterStride<>>;
using ConstMatrixView = Eigen::Map<const RowMajorMatrix, 0, Eigen::OuterStride<>>;

/// A part of a row-major matrix with `stride` numbers from row to row, as Eigen sees it.
inline MatrixView view(double* values, std::size_t rows, std::size_t columns, std::size_t stride) {
  return {values, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns),
          Eigen::OuterStride<>(static_cast<Eigen::Index>(stride))};
}

inline ConstMatrixView view(const double* values, std::size_t rows, std::size_t columns,
                            std::size_t stride) {
  return {values, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns),
          Eigen::OuterStride<>(static_cast<Eigen::Index>(stride))};
}

}  // namespace hypnos
