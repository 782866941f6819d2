#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "data/distorter.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

/// Turns, moves and distorts images at random. Each thread needs one of its own.
class Augmenter {
 public:
  /// @param data the images; of them shape and normalization are looked at
  Augmenter(const Augmentation& augmentation, const Dataset& data, std::uint64_t seed);

  /// An image as it is shown at this place of all of training.
  /// @param image [features]
  /// @param shown [features]
  void apply(std::span<const float> image, std::uint64_t place, std::span<float> shown);

 private:
  void move(std::span<const float> image, const RandomStream::Block& words,
            std::span<float> moved) const;
  void distort(std::uint64_t place, std::uint32_t word, std::span<float> image);

  Augmentation augmentation_;
  ImageShape shape_;
  Normalization normalization_;
  RandomStream random_;
  std::vector<Distorter> distorters_;
};

}  // namespace hypnos
