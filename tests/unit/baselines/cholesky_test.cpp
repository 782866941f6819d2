#include "baselines/cholesky.hpp"

#include <gtest/gtest.h>

#include <random>

#include "baselines/linear_algebra.hpp"

namespace hypnos {
namespace {

using Numbers = std::vector<double>;

Numbers random_numbers(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  Numbers numbers(count);
  for (double& number : numbers) number = normal(engine);
  return numbers;
}

// The matrix times a vector, both with the ridge.
Numbers times(const Numbers& matrix, double ridge, const Numbers& vector) {
  const std::size_t n = vector.size();
  Numbers result(n);
  for (std::size_t i = 0; i < n; ++i) {
    result[i] = ridge * vector[i];
    for (std::size_t j = 0; j < n; ++j) result[i] += matrix[i * n + j] * vector[j];
  }
  return result;
}

class CholeskyTest : public testing::TestWithParam<std::size_t> {};

TEST_P(CholeskyTest, SolvesAndInverts) {
  const std::size_t n = GetParam();
  const double ridge = 0.5;
  const Numbers half = random_numbers(n * n, 1);
  const Numbers matrix = product_with_transposed(half, half, n);
  const auto cholesky = Cholesky::factorize(matrix, n, ridge);
  ASSERT_TRUE(cholesky.has_value());
  const Numbers right = random_numbers(n, 2);
  const Numbers back = times(matrix, ridge, cholesky->solve(right));
  for (std::size_t i = 0; i < n; ++i) ASSERT_NEAR(back[i], right[i], 1e-8) << i;
  const Numbers diagonal = cholesky->inverse_diagonal();
  for (const std::size_t i : {std::size_t{0}, n / 3, n - 1}) {
    Numbers unit(n, 0);
    unit[i] = 1;
    EXPECT_NEAR(diagonal[i], cholesky->solve(unit)[i], 1e-9) << i;
  }
  // To the bit, whatever the number of threads.
  for (const unsigned threads : {2U, 3U}) {
    const auto other = Cholesky::factorize(matrix, n, ridge, {.threads = threads});
    ASSERT_TRUE(other.has_value());
    EXPECT_EQ(other->solve(right), cholesky->solve(right));
    EXPECT_EQ(other->inverse_diagonal({.threads = threads}), diagonal);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, CholeskyTest, testing::Values(1, 5, 127, 128, 129, 300));

TEST(Cholesky, RefusesWhatIsNotPositiveDefinite) {
  EXPECT_FALSE(Cholesky::factorize(Numbers{1, 2, 2, 1}, 2, 0).has_value());
  EXPECT_FALSE(Cholesky::factorize(Numbers{0, 0, 0, 0}, 2, 0).has_value());
  EXPECT_TRUE(Cholesky::factorize(Numbers{1, 2, 2, 1}, 2, 1.5).has_value());
}

TEST(Cholesky, StopsBetweenBlocks) {
  const std::size_t n = 1000;
  Numbers matrix(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) matrix[i * n + i] = 1;
  double reached = 0;
  const Execution stopping{.threads = 2, .progress = Progress([&](double part, std::string_view) {
                                           reached = part;
                                           return part < 0.5;
                                         })};
  EXPECT_THROW(Cholesky::factorize(matrix, n, 0, stopping), Stopped);
  EXPECT_NEAR(reached, 0.5, 0.1);
  const auto cholesky = Cholesky::factorize(matrix, n, 0);
  ASSERT_TRUE(cholesky.has_value());
  EXPECT_THROW(cholesky->inverse_diagonal(stopping), Stopped);
}

TEST(Products, AgreeWithPlainOnes) {
  const std::size_t rows = 130;
  const std::size_t columns = 30;
  const Numbers a = random_numbers(rows * columns, 3);
  const Numbers b = random_numbers(70 * columns, 4);
  const Numbers result = product_with_transposed(a, b, columns, {.threads = 2});
  const Numbers narrow = product(a, std::span(b).first(columns * 4), columns, 4);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < 70; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < columns; ++k) sum += a[i * columns + k] * b[j * columns + k];
      ASSERT_NEAR(result[i * 70 + j], sum, 1e-12);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < columns; ++k) sum += a[i * columns + k] * b[k * 4 + j];
      ASSERT_NEAR(narrow[i * 4 + j], sum, 1e-12);
    }
  }
}

}  // namespace
}  // namespace hypnos
