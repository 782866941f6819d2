#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "base/portable_math.hpp"
#include "base/random.hpp"

namespace hypnos {

/// Random numbers of the standard normal distribution (Box and Muller 1958). Two uniform numbers u
/// and v give two of them: sqrt(-2 ln u) cos(2 pi v) and sqrt(-2 ln u) sin(2 pi v).
class NormalSequence {
 public:
  /// Each position draws numbers of its own.
  NormalSequence(std::uint64_t seed, Purpose purpose, std::uint64_t position)
      : random_(seed, purpose, position) {}

  double next() {
    if (has_second_) {
      has_second_ = false;
      return second_;
    }
    const double radius = std::sqrt(-2 * portable::log(1 - uniform()));
    const double angle = 2 * std::numbers::pi * uniform();
    second_ = radius * portable::sin(angle);
    has_second_ = true;
    return radius * portable::cos(angle);
  }

 private:
  // In [0, 1), a multiple of 2^-53.
  double uniform() {
    const std::uint64_t high = random_.next() >> 5;
    const std::uint64_t low = random_.next() >> 6;
    return static_cast<double>(high << 26 | low) * 0x1p-53;
  }

  RandomSequence random_;
  double second_ = 0;
  bool has_second_ = false;
};

}  // namespace hypnos
