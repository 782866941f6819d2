// Blocks of rows and columns have numbers; L_ij is a block. One block column j after the other:
//   S_ij = A_ij - sum over k < j of L_ik L_jk^T,   L_jj L_jj^T = S_jj,   L_ij = S_ij L_jj^-T  (i >
//   j)
// The diagonal of the inverse is the sum of squares over each column of X = L^-1, whose block
// columns do not need each other:
//   X_jj = L_jj^-1,   X_ij = -L_ii^-1 sum over j <= k < i of L_ik X_kj

#include "baselines/cholesky.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/parallel.hpp"
#include "baselines/matrix_view.hpp"
#include "baselines/shared_work.hpp"

namespace hypnos {
namespace {

constexpr std::size_t block = 128;

std::size_t blocks_of(std::size_t n) {
  return (n + block - 1) / block;
}

std::size_t size_of(std::size_t number, std::size_t n) {
  return std::min(block, n - number * block);
}

}  // namespace

Cholesky::Cholesky(std::span<const double> matrix, std::size_t n, double ridge)
    : n_(n), factor_(matrix.begin(), matrix.end()) {
  assert(matrix.size() == n * n);
  for (std::size_t i = 0; i < n; ++i) factor_[i * n + i] += ridge;
}

std::optional<Cholesky> Cholesky::factorize(std::span<const double> matrix, std::size_t n,
                                            double ridge, const Execution& execution) {
  std::optional<Cholesky> cholesky(Cholesky(matrix, n, ridge));
  if (!cholesky->factorize(execution)) cholesky.reset();
  return cholesky;
}

bool Cholesky::factorize(const Execution& execution) {
  const std::size_t blocks = blocks_of(n_);
  const auto part = [&](std::size_t row, std::size_t column, std::size_t columns) {
    return view(&factor_[row * block * n_ + column * block], size_of(row, n_), columns, n_);
  };
  const auto all = static_cast<double>(blocks);
  SharedWork work(execution.progress, all * (all + 1) * (all + 2) / 6);
  for (std::size_t j = 0; j < blocks; ++j) {
    const std::size_t size = size_of(j, n_);
    MatrixView diagonal = part(j, j, size);
    const auto reduce = [&](std::size_t i) {
      part(i, j, size).noalias() -= part(i, 0, j * block) * part(j, 0, j * block).transpose();
    };
    if (j > 0) reduce(j);
    const Eigen::LLT<RowMajorMatrix> llt(diagonal);
    if (llt.info() != Eigen::Success) return false;
    diagonal = llt.matrixL();
    if (!diagonal.allFinite()) return false;
    work.done(static_cast<double>(j + 1));
    parallel_for(blocks - j - 1, execution.threads, [&](std::size_t below, std::size_t) {
      const std::size_t i = j + 1 + below;
      if (j > 0) reduce(i);
      MatrixView here = part(i, j, size);
      diagonal.transpose().triangularView<Eigen::Upper>().solveInPlace<Eigen::OnTheRight>(here);
      work.done(static_cast<double>(j + 1));
    });
  }
  return true;
}

std::vector<double> Cholesky::solve(std::span<const double> right, const Progress& progress) const {
  assert(right.size() % n_ == 0);
  std::vector<double> result(right.begin(), right.end());
  const std::size_t columns = right.size() / n_;
  const auto factor = view(factor_.data(), n_, n_, n_);
  MatrixView solution = view(result.data(), n_, columns, columns);
  progress.tell(0);
  factor.triangularView<Eigen::Lower>().solveInPlace(solution);
  progress.tell(0.5);
  factor.transpose().triangularView<Eigen::Upper>().solveInPlace(solution);
  progress.tell(1);
  return result;
}

std::vector<double> Cholesky::inverse_diagonal(const Execution& execution) const {
  const std::size_t blocks = blocks_of(n_);
  const auto part = [&](std::size_t row, std::size_t column, std::size_t columns) {
    return view(&factor_[row * block * n_ + column * block], size_of(row, n_), columns, n_);
  };
  std::vector<double> diagonal(n_, 0);
  const auto all = static_cast<double>(blocks);
  SharedWork work(execution.progress, all * (all + 1) * (all + 2) / 6);
  parallel_for(blocks, execution.threads, [&](std::size_t j, std::size_t) {
    const std::size_t columns = size_of(j, n_);
    const std::size_t rows = n_ - j * block;
    std::vector<double> column_values(rows * columns, 0);  // X_ij for i >= j
    for (std::size_t c = 0; c < columns; ++c) column_values[c * columns + c] = 1;
    for (std::size_t i = j; i < blocks; ++i) {
      const std::size_t above = (i - j) * block;
      MatrixView here = view(&column_values[above * columns], size_of(i, n_), columns, columns);
      if (i > j) {
        here.noalias() -= part(i, j, above) * view(column_values.data(), above, columns, columns);
      }
      part(i, i, size_of(i, n_)).triangularView<Eigen::Lower>().solveInPlace(here);
      work.done(static_cast<double>(i - j + 1));
    }
    for (std::size_t k = 0; k < column_values.size(); ++k) {
      diagonal[j * block + k % columns] += column_values[k] * column_values[k];
    }
  });
  return diagonal;
}

}  // namespace hypnos
