#include "tuning/symmetric_eigen.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hypnos {
namespace {

using Vector = std::vector<double>;

Vector random_symmetric(std::size_t n, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  Vector matrix(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) matrix[i * n + j] = matrix[j * n + i] = normal(engine);
  }
  return matrix;
}

TEST(SymmetricEigen, ByHand) {
  const SymmetricEigen eigen = decompose_symmetric({2, 1, 1, 2}, 2);
  Vector values = eigen.values;
  std::sort(values.begin(), values.end());
  EXPECT_NEAR(values[0], 1, 1e-15);
  EXPECT_NEAR(values[1], 3, 1e-15);
}

TEST(SymmetricEigen, PutsTheMatrixTogetherAgain) {
  for (const std::size_t n : {1U, 2U, 3U, 8U, 40U}) {
    const Vector matrix = random_symmetric(n, static_cast<unsigned>(n));
    const SymmetricEigen eigen = decompose_symmetric(matrix, n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        double element = 0;
        double product = 0;  // of two columns of B: they are orthonormal
        for (std::size_t k = 0; k < n; ++k) {
          element += eigen.vectors[i * n + k] * eigen.values[k] * eigen.vectors[j * n + k];
          product += eigen.vectors[k * n + i] * eigen.vectors[k * n + j];
        }
        ASSERT_NEAR(element, matrix[i * n + j], 1e-12) << n;
        ASSERT_NEAR(product, i == j ? 1 : 0, 1e-13) << n;
      }
    }
  }
}

TEST(SymmetricEigen, KeepsSmallValuesBesideLargeOnes) {
  // Of a diagonal matrix in another order, with a condition of 1e14.
  Vector matrix(16, 0.0);
  const Vector diagonal = {1e7, 1, 1e-7, 1e3};
  for (std::size_t i = 0; i < 4; ++i) matrix[i * 5] = diagonal[i];
  matrix[1] = matrix[4] = 1;
  Vector values = decompose_symmetric(matrix, 4).values;
  std::sort(values.begin(), values.end());
  EXPECT_NEAR(values[0] / 1e-7, 1, 1e-12);
  EXPECT_NEAR(values[1], 1 - 1e-7, 1e-12);
}

}  // namespace
}  // namespace hypnos
