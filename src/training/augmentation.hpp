#pragma once

#include <cstdint>
#include <span>

#include "base/random.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

/// Turns and moves images at random.
class Augmenter {
 public:
  Augmenter(const Augmentation& augmentation, const ImageShape& shape, std::uint64_t seed)
      : augmentation_(augmentation), shape_(shape), random_(seed, Purpose::augmentation) {}

  /// An image as it is shown at this place of all of training.
  /// @param image [features]
  /// @param moved [features]
  void apply(std::span<const float> image, std::uint64_t place, std::span<float> moved) const;

 private:
  Augmentation augmentation_;
  ImageShape shape_;
  RandomStream random_;
};

}  // namespace hypnos
