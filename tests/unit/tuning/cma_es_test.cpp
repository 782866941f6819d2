#include "tuning/cma_es.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace hypnos {
namespace {

double distance(const std::vector<double>& position) {
  double sum = 0;
  for (const double x : position) sum += (x - 0.3) * (x - 0.3);
  return sum;
}

TEST(CmaEs, FindsTheMinimumInsideTheBox) {
  double best = 1;
  std::size_t calls = 0;
  cma_es({.generations = 60}, std::vector<double>(6, 0.9), [&](const std::vector<double>& x) {
    for (const double coordinate : x) {
      EXPECT_GE(coordinate, 0);
      EXPECT_LE(coordinate, 1);
    }
    ++calls;
    best = std::min(best, distance(x));
    return distance(x);
  });
  EXPECT_LT(best, 1e-4);
  EXPECT_EQ(calls, 60 * cma_es_population(6));
}

TEST(CmaEs, PassesOnWhatEndsIt) {
  EXPECT_THROW(
      cma_es({.generations = 5}, {0.5, 0.5},
             [](const std::vector<double>&) -> double { throw std::runtime_error("end"); }),
      std::runtime_error);
}

}  // namespace
}  // namespace hypnos
