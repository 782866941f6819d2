#pragma once

// Products of large matrices in double precision, row-major, by Eigen. They are computed in blocks
// of one size, whatever the number of threads, so that results do not depend on it.

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/progress.hpp"

namespace hypnos {

/// Told about the block of a product that is done: its place in the result and its values, which
/// may be changed.
/// @param values [rows x columns], with `stride` numbers from row to row
struct ProductBlock {
  std::size_t first_row, rows;
  std::size_t first_column, columns;
  double* values;
  std::size_t stride;
};
using BlockVisitor = std::function<void(const ProductBlock& block)>;

/// a b^T, [rows of a x rows of b]; both have so many columns.
/// @param visit called once for each block, by the thread that computed it
std::vector<double> product_with_transposed(std::span<const double> a, std::span<const double> b,
                                            std::size_t columns, const Execution& execution = {},
                                            const BlockVisitor& visit = {});

/// a b, [rows of a x columns]; meant for few columns.
/// @param inner columns of a, rows of b
std::vector<double> product(std::span<const double> a, std::span<const double> b, std::size_t inner,
                            std::size_t columns);

}  // namespace hypnos
