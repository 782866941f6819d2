#include "baselines/linear_algebra.hpp"

#include <algorithm>
#include <cassert>

#include "base/parallel.hpp"
#include "baselines/matrix_view.hpp"
#include "baselines/shared_work.hpp"

namespace hypnos {
namespace {

// A block takes some hundredths of a second for images of MNIST's size.
constexpr std::size_t block_rows = 64;
constexpr std::size_t block_columns = 4096;

}  // namespace

std::vector<double> product_with_transposed(std::span<const double> a, std::span<const double> b,
                                            std::size_t columns, const Execution& execution,
                                            const BlockVisitor& visit) {
  assert(columns > 0 && a.size() % columns == 0 && b.size() % columns == 0);
  const std::size_t result_rows = a.size() / columns;
  const std::size_t result_columns = b.size() / columns;
  std::vector<double> result(result_rows * result_columns);
  const std::size_t across = (result_columns + block_columns - 1) / block_columns;
  const std::size_t down = (result_rows + block_rows - 1) / block_rows;
  SharedWork work(execution.progress, static_cast<double>(across * down));
  parallel_for(across * down, execution.threads, [&](std::size_t index, std::size_t) {
    ProductBlock block{.first_row = index / across * block_rows,
                       .rows = 0,
                       .first_column = index % across * block_columns,
                       .columns = 0,
                       .values = nullptr,
                       .stride = result_columns};
    block.rows = std::min(block_rows, result_rows - block.first_row);
    block.columns = std::min(block_columns, result_columns - block.first_column);
    block.values = &result[block.first_row * result_columns + block.first_column];
    view(block.values, block.rows, block.columns, block.stride).noalias() =
        view(&a[block.first_row * columns], block.rows, columns, columns) *
        view(&b[block.first_column * columns], block.columns, columns, columns).transpose();
    if (visit) visit(block);
    work.done(1);
  });
  return result;
}

std::vector<double> product(std::span<const double> a, std::span<const double> b, std::size_t inner,
                            std::size_t columns) {
  assert(inner > 0 && a.size() % inner == 0 && b.size() == inner * columns);
  const std::size_t rows = a.size() / inner;
  std::vector<double> result(rows * columns);
  view(result.data(), rows, columns, columns).noalias() =
      view(a.data(), rows, inner, inner) * view(b.data(), inner, columns, columns);
  return result;
}

}  // namespace hypnos
