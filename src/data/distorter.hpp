#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/warp.hpp"
#include "hypnos/distortion.hpp"

namespace hypnos {

/// Distorts one image after the other.
class Distorter {
 public:
  /// @param distortion not adversarial
  Distorter(const Distortion& distortion, const ImageShape& shape, std::uint64_t seed);

  /// @param image [features], pixels in [0, 1]; changed
  /// @param number draws its noise, place or direction
  void apply(std::span<float> image, std::uint64_t number);

 private:
  void move(std::span<float> image, const Warp& by);

  Distortion distortion_;
  ImageShape shape_;
  std::uint64_t seed_;
  std::vector<double> kernel_;
  std::vector<float> source_;
};

}  // namespace hypnos
