#include "base/portable_math.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace hypnos::portable {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// high + low, where low is what high could not hold.
struct Pair {
  double high, low;
};

Pair sum(double a, double b) {  // Knuth 1969
  const double s = a + b;
  const double part = s - a;
  return {s, (a - (s - part)) + (b - part)};
}

// The upper half of the bits. For numbers below 2^996.
double upper_half(double a) {           // Veltkamp 1968
  const double scaled = a * 134217729;  // 2^27 + 1
  return scaled - (scaled - a);
}

Pair product(double a, double b) {  // Dekker 1971
  const double p = a * b;
  const double a1 = upper_half(a);
  const double b1 = upper_half(b);
  const double a2 = a - a1;
  const double b2 = b - b1;
  return {p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2};
}

// log 2 in two parts; a multiple below 2^21 of the first is exact.
constexpr double log2_high = 0x1.62e42fee00000p-1;
constexpr double log2_low = 0x1.a39ef35793c76p-33;

// pi / 2 in three parts, likewise; what follows is below 1e-31.
constexpr double half_pi[] = {0x1.921fb54400000p+0, 0x1.0b4611a600000p-34, 0x1.3198a2e037073p-69};

// 1 / n!
constexpr std::array<double, 22> inverse_factorials = [] {
  std::array<double, 22> values = {1};
  double factorial = 1;
  for (std::size_t n = 1; n < values.size(); ++n) {
    factorial *= static_cast<double>(n);
    values[n] = 1 / factorial;
  }
  return values;
}();

double nearest_whole(double x) {
  return std::floor(x + 0.5);
}

// 2^n for normal numbers.
double power_of_two(int n) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52);
}

// e^(x.high + x.low), |x.high| < 750. With x = n log 2 + r: 2^n e^r, by the series of e^r.
double exp_of(Pair x) {
  const double n = nearest_whole(x.high * (1 / (log2_high + log2_low)));
  const double near = x.high - n * log2_high;  // exact
  const double rest = x.low - n * log2_low;
  const Pair r = sum(near, rest);
  double series = inverse_factorials[14];
  for (std::size_t k = 13; k >= 2; --k) series = series * r.high + inverse_factorials[k];
  const Pair linear = sum(1, r.high);
  const double power = linear.high + (linear.low + (r.high * r.high * series + r.low));
  const int half = static_cast<int>(n) / 2;  // 2^n alone may be too large or too small
  return power * power_of_two(half) * power_of_two(static_cast<int>(n) - half);
}

// log x of a positive finite number. x = 2^e m, m from sqrt(1/2) to sqrt(2), s = (m - 1) / (m + 1):
// log m = 2 (s + s^3/3 + s^5/5 + ...), its first term as a pair.
Pair log_of(double x) {
  int e = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    e = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  constexpr std::uint64_t root_of_half = 0x3FE6A09E667F3BCD;
  const std::uint64_t shifted = bits - root_of_half;
  e += static_cast<int>(static_cast<std::int64_t>(shifted) >> 52);
  const double m = std::bit_cast<double>((shifted & 0x000FFFFFFFFFFFFF) + root_of_half);
  const double f = m - 1;
  const Pair below = sum(m, 1);
  const double s = f / below.high;
  const Pair back = product(s, below.high);
  const double s_low = (((f - back.high) - back.low) - s * below.low) / below.high;
  const double z = s * s;
  double series = 0;
  for (int k = 23; k >= 3; k -= 2) series = series * z + 2.0 / k;
  const Pair high = sum(e * log2_high, 2 * s);
  const Pair log = sum(high.high, high.low + (2 * s_low / (1 - z) + s * z * series + e * log2_low));
  return log;
}

// x = quarter * pi/2 + r, |r| <= pi/4.
struct Turned {
  unsigned quarter;  // modulo 4
  Pair r;
};

Turned turned(double x) {
  assert(std::abs(x) <= 0x1p20);
  const double n = nearest_whole(x * (1 / (half_pi[0] + half_pi[1])));
  const Pair r = sum(x - n * half_pi[0], -(n * half_pi[1]));
  return {static_cast<unsigned>(static_cast<std::int64_t>(n)) % 4,
          sum(r.high, r.low - n * half_pi[2])};
}

double sin_near_zero(Pair r) {
  const double z = r.high * r.high;
  double series = inverse_factorials[19];
  for (std::size_t k = 17; k >= 3; k -= 2) series = inverse_factorials[k] - z * series;
  return r.high + (r.low * (1 - z / 2) - r.high * z * series);
}

double cos_near_zero(Pair r) {
  const double z = r.high * r.high;
  double series = inverse_factorials[20];
  for (std::size_t k = 18; k >= 4; k -= 2) series = inverse_factorials[k] - z * series;
  const double half = z / 2;
  const double near = 1 - half;
  return near + (((1 - near) - half) + (z * z * series - r.high * r.low));
}

}  // namespace

double exp(double x) {
  if (std::isnan(x)) return x;
  if (x > 709.79) return infinity;
  if (x < -745.14) return 0;
  return exp_of({x, 0});
}

double log(double x) {
  if (std::isnan(x) || x < 0) return nan;
  if (x == 0) return -infinity;
  if (x == infinity) return x;
  return log_of(x).high;
}

double pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (std::isnan(x) || std::isnan(y) || x < 0) return nan;
  if (x == 0 || x == infinity) return (x == 0) == (y > 0) ? 0 : infinity;
  const Pair log = log_of(x);
  const double exponent = y * log.high;
  if (!(std::abs(exponent) < 745)) return exp(exponent);
  const Pair p = product(y, log.high);
  return exp_of(sum(p.high, p.low + y * log.low));
}

double sin(double x) {
  const auto [quarter, r] = turned(x);
  const double value = quarter % 2 == 0 ? sin_near_zero(r) : cos_near_zero(r);
  return quarter < 2 ? value : -value;
}

double cos(double x) {
  const auto [quarter, r] = turned(x);
  const double value = quarter % 2 == 0 ? cos_near_zero(r) : sin_near_zero(r);
  return quarter == 0 || quarter == 3 ? value : -value;
}

}  // namespace hypnos::portable
