#pragma once

#include <span>

#include "hypnos/image_shape.hpp"

namespace hypnos {

/// How an image is turned about its middle, and then moved.
struct Warp {
  double angle = 0;    ///< [radians]
  double rows = 0;     ///< where a pixel's value comes from, [pixels] further down
  double columns = 0;  ///< and to the right
};

/// Each pixel takes the value at its place, turned and moved. Between pixels values are
/// interpolated linearly; outside of the image all is 0.
/// @param image, warped [features]
void warp(std::span<const float> image, const ImageShape& shape, const Warp& by,
          std::span<float> warped);

}  // namespace hypnos
