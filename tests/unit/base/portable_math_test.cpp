#include "base/portable_math.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>

namespace hypnos {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// In units of the last place of what is wanted.
double error_of(double got, long double wanted) {
  const auto near = static_cast<double>(wanted);
  if (got == near) return 0;
  const double unit = std::nextafter(std::abs(near), infinity) - std::abs(near);
  return static_cast<double>(std::abs(static_cast<long double>(got) - wanted)) / unit;
}

template <typename Function, typename Wanted>
void compare(double low, double high, double most, const Function& function, const Wanted& wanted) {
  std::mt19937_64 engine(1);
  std::uniform_real_distribution<double> uniform(low, high);
  double worst = 0;
  double at = 0;
  for (int i = 0; i < 200000; ++i) {
    const double x = uniform(engine);
    const double error = error_of(function(x), wanted(static_cast<long double>(x)));
    if (error > worst) {
      worst = error;
      at = x;
    }
  }
  EXPECT_LT(worst, most) << "at " << at;
}

TEST(PortableMath, AgreesWithLongDoubles) {
  const auto exp = [](long double x) { return std::exp(x); };
  compare(-700, 709, 0.8, portable::exp, exp);
  compare(-745, -700, 1.6, portable::exp, exp);  // denormal results are rounded twice
  compare(-1, 1, 1.0, portable::exp, exp);
  const auto log = [](long double x) { return std::log(x); };
  compare(0, 1e300, 1.0, portable::log, log);
  compare(0, 2, 1.0, portable::log, log);
  compare(0.999, 1.001, 1.0, portable::log, log);
  compare(0, 1e-310, 1.0, portable::log, log);
  const auto sin = [](long double x) { return std::sin(x); };
  const auto cos = [](long double x) { return std::cos(x); };
  for (const double range : {0.1, 4.0, 1000.0, 0x1p20}) {
    compare(-range, range, 1.0, portable::sin, sin);
    compare(-range, range, 1.0, portable::cos, cos);
  }
}

TEST(PortableMath, PowersAgreeToo) {
  for (const double exponent : {0.5, 1.0 / 3, 1.0, 2.0, -7.5, 1000.0, 0.001}) {
    const auto power = [&](double x) { return portable::pow(x, exponent); };
    const auto wanted = [&](long double x) {
      return std::pow(x, static_cast<long double>(exponent));
    };
    compare(0.5, 2, std::abs(exponent) < 10 ? 1.0 : 16.0, power, wanted);
    compare(0.99, 1.01, 1.0, power, wanted);
  }
  const auto to_the_x = [](double x) { return portable::pow(3.75, x); };
  compare(-530, 530, 16.0, to_the_x, [](long double x) { return std::pow(3.75L, x); });
}

TEST(PortableMath, SpecialValues) {
  EXPECT_EQ(portable::exp(0), 1);
  EXPECT_EQ(portable::exp(-infinity), 0);
  EXPECT_EQ(portable::exp(-800), 0);
  EXPECT_EQ(portable::exp(800), infinity);
  EXPECT_EQ(portable::exp(infinity), infinity);
  EXPECT_TRUE(std::isnan(portable::exp(nan)));
  EXPECT_EQ(portable::log(1), 0);
  EXPECT_EQ(portable::log(0), -infinity);
  EXPECT_EQ(portable::log(infinity), infinity);
  EXPECT_TRUE(std::isnan(portable::log(-1)));
  EXPECT_TRUE(std::isnan(portable::log(nan)));
  EXPECT_EQ(portable::pow(0, 2), 0);
  EXPECT_EQ(portable::pow(0, -2), infinity);
  EXPECT_EQ(portable::pow(5, 0), 1);
  EXPECT_EQ(portable::pow(1, nan), 1);
  EXPECT_EQ(portable::pow(infinity, -1), 0);
  EXPECT_EQ(portable::pow(2, infinity), infinity);
  EXPECT_EQ(portable::pow(0.5, infinity), 0);
  EXPECT_EQ(portable::pow(2, 10), 1024);
  EXPECT_EQ(portable::pow(0.999, 1), 0.999);
  EXPECT_TRUE(std::isnan(portable::pow(-1, 2)));
  EXPECT_EQ(portable::sin(0), 0);
  EXPECT_EQ(portable::cos(0), 1);
  EXPECT_EQ(portable::cos(std::numbers::pi), -1);
}

TEST(PortableMath, GivesTheseBits) {
  // FNV-1a over many results: the same on every machine, by every compiler.
  std::uint64_t hash = 0xCBF29CE484222325;
  const auto take = [&](double value) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 0x100000001B3;
  };
  for (int i = 1; i < 3000; ++i) {
    const double x = i * 0.01;
    take(portable::exp(x - 15));
    take(portable::log(x));
    take(portable::pow(x, 0.37));
    take(portable::sin(x));
    take(portable::cos(x));
  }
  EXPECT_EQ(hash, 0x884F6D964BF5C82EU) << std::hex << hash;
}

}  // namespace
}  // namespace hypnos
