#include "training/augmentation.hpp"

#include <algorithm>
#include <cassert>
#include <numbers>

#include "data/feature_normalization.hpp"
#include "data/warp.hpp"

namespace hypnos {

Augmenter::Augmenter(const Augmentation& augmentation, const Dataset& data, std::uint64_t seed)
    : augmentation_(augmentation),
      shape_(data.shape),
      normalization_(data.normalization),
      random_(seed, Purpose::augmentation) {
  for (const Distortion& distortion : augmentation.distortions) {
    distorters_.emplace_back(distortion, shape_, seed);
  }
}

void Augmenter::apply(std::span<const float> image, std::uint64_t place, std::span<float> shown) {
  const auto words = random_.block(place, 0);
  if (augmentation_.moves()) {
    move(image, words, shown);
  } else {
    std::copy(image.begin(), image.end(), shown.begin());
  }
  if (!distorters_.empty()) distort(place, words[3], shown);
}

void Augmenter::move(std::span<const float> image, const RandomStream::Block& words,
                     std::span<float> moved) const {
  assert(shape_.rows == shape_.columns);
  const auto uniform = [&](std::size_t word, double range) {
    return range * (static_cast<double>(words[word]) * 0x1p-31 - 1);
  };
  warp(image, shape_,
       {.angle = uniform(0, augmentation_.rotation) * (std::numbers::pi / 180),
        .rows = uniform(2, augmentation_.shift),
        .columns = uniform(1, augmentation_.shift)},
       moved);
}

void Augmenter::distort(std::uint64_t place, std::uint32_t word, std::span<float> image) {
  const std::size_t chosen = std::uint64_t{word} * distorters_.size() >> 32U;
  if (normalization_.any()) undo_normalization(image, shape_, normalization_);
  // Test images with the same seed draw by their numbers, which are far below.
  constexpr std::uint64_t first_place = std::uint64_t{1} << 40U;
  distorters_[chosen].apply(image, first_place + place);
  if (normalization_.any()) normalize_image(image, shape_, normalization_);
}

}  // namespace hypnos
