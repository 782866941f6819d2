#include "data/distorter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/normal_sequence.hpp"
#include "base/portable_math.hpp"
#include "base/random.hpp"
#include "data/warp.hpp"

namespace hypnos {
namespace {

float clipped(double value) {
  return static_cast<float>(std::clamp(value, 0.0, 1.0));
}

void add_noise(std::span<float> image, double deviation, std::uint64_t seed,
               std::uint64_t position) {
  NormalSequence normals(seed, Purpose::distortion, position);
  for (float& pixel : image) pixel = clipped(double{pixel} + deviation * normals.next());
}

void salt(std::span<float> image, double part, RandomSequence& random) {
  for (float& pixel : image) {
    const bool hit = double{random.uniform()} < part;
    const bool white = random.next() >> 31U == 1;
    if (hit) pixel = white ? 1.0F : 0.0F;
  }
}

// Where the pixels of an image lie: [planes][rows][columns][depth].
struct Places {
  explicit Places(const ImageShape& shape)
      : rows(shape.rows), columns(shape.columns), depth(shape.depth()), planes(shape.planes()) {}
  std::size_t at(std::size_t plane, std::size_t row, std::size_t column, std::size_t d) const {
    return ((plane * rows + row) * columns + column) * depth + d;
  }
  std::size_t rows, columns, depth, planes;
};

std::vector<double> gaussian(double deviation) {
  constexpr double tails = 4;
  const auto radius = static_cast<std::size_t>(tails * deviation + 0.5);
  std::vector<double> kernel(2 * radius + 1);
  double sum = 0;
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    const double x = static_cast<double>(i) - static_cast<double>(radius);
    kernel[i] = radius == 0 ? 1 : portable::exp(-x * x / (2 * deviation * deviation));
    sum += kernel[i];
  }
  for (double& weight : kernel) weight /= sum;
  return kernel;
}

// A line of `count` numbers, `stride` apart.
void blur_line(float* first, std::size_t count, std::size_t stride,
               const std::vector<double>& kernel, std::vector<double>& line) {
  line.resize(count);
  for (std::size_t i = 0; i < count; ++i) line[i] = double{first[i * stride]};
  const auto radius = static_cast<std::ptrdiff_t>(kernel.size() / 2);
  const auto last = static_cast<std::ptrdiff_t>(count) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    double sum = 0;
    for (std::ptrdiff_t k = -radius; k <= radius; ++k) {
      const auto from = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(i) + k, 0, last);
      sum += kernel[static_cast<std::size_t>(k + radius)] * line[static_cast<std::size_t>(from)];
    }
    first[i * stride] = clipped(sum);
  }
}

void blur(std::span<float> image, const ImageShape& shape, const std::vector<double>& kernel) {
  const Places places(shape);
  std::vector<double> line;
  for (std::size_t plane = 0; plane < places.planes; ++plane) {
    for (std::size_t d = 0; d < places.depth; ++d) {
      for (std::size_t column = 0; column < places.columns; ++column) {
        blur_line(&image[places.at(plane, 0, column, d)], places.rows,
                  places.columns * places.depth, kernel, line);
      }
      for (std::size_t row = 0; row < places.rows; ++row) {
        blur_line(&image[places.at(plane, row, 0, d)], places.columns, places.depth, kernel, line);
      }
    }
  }
}

// Of each channel of the image by its own mean.
void change_contrast(std::span<float> image, const ImageShape& shape, double factor) {
  const Places places(shape);
  const std::size_t pixels = places.rows * places.columns;
  for (std::size_t plane = 0; plane < places.planes; ++plane) {
    for (std::size_t d = 0; d < places.depth; ++d) {
      float* first = &image[places.at(plane, 0, 0, d)];
      double mean = 0;
      for (std::size_t p = 0; p < pixels; ++p) mean += double{first[p * places.depth]};
      mean /= static_cast<double>(pixels);
      for (std::size_t p = 0; p < pixels; ++p) {
        float& pixel = first[p * places.depth];
        pixel = clipped((double{pixel} - mean) * factor + mean);
      }
    }
  }
}

void occlude(std::span<float> image, const ImageShape& shape, double side, RandomSequence& random) {
  const Places places(shape);
  const auto wanted = static_cast<std::size_t>(side);
  const std::size_t height = std::min(wanted, places.rows);
  const std::size_t width = std::min(wanted, places.columns);
  const std::size_t top = random.below(static_cast<std::uint32_t>(places.rows - height + 1));
  const std::size_t left = random.below(static_cast<std::uint32_t>(places.columns - width + 1));
  for (std::size_t plane = 0; plane < places.planes; ++plane) {
    for (std::size_t row = top; row < top + height; ++row) {
      const auto begin =
          image.begin() + static_cast<std::ptrdiff_t>(places.at(plane, row, left, 0));
      std::fill_n(begin, width * places.depth, 0.0F);
    }
  }
}

double random_sign(RandomSequence& random) {
  return random.next() >> 31U == 1 ? 1 : -1;
}

}  // namespace

Distorter::Distorter(const Distortion& distortion, const ImageShape& shape, std::uint64_t seed)
    : distortion_(distortion), shape_(shape), seed_(seed), source_(shape.features()) {
  if (distortion.kind == DistortionKind::blur) kernel_ = gaussian(distortion.strength);
}

void Distorter::apply(std::span<float> image, std::uint64_t number) {
  const double strength = distortion_.strength;
  // Distortions of different kinds draw different numbers.
  constexpr std::uint64_t room = 64;  // for kinds to come, which then change no draws
  const std::uint64_t position = number * room + static_cast<std::uint64_t>(distortion_.kind);
  RandomSequence random(seed_, Purpose::distortion, position);
  switch (distortion_.kind) {
    case DistortionKind::gaussian_noise:
      return add_noise(image, strength, seed_, position);
    case DistortionKind::salt_and_pepper:
      return salt(image, strength, random);
    case DistortionKind::blur:
      return blur(image, shape_, kernel_);
    case DistortionKind::contrast:
      return change_contrast(image, shape_, strength);
    case DistortionKind::occlusion:
      return occlude(image, shape_, strength, random);
    case DistortionKind::shift: {
      const double down = strength * random_sign(random);
      return move(image, {.rows = down, .columns = strength * random_sign(random)});
    }
    case DistortionKind::rotation: {
      constexpr double half_turn = 180;
      return move(image,
                  {.angle = strength * random_sign(random) * (std::numbers::pi / half_turn)});
    }
    case DistortionKind::clean:
    case DistortionKind::fgsm:
    case DistortionKind::pgd:
      return;
  }
}

void Distorter::move(std::span<float> image, const Warp& by) {
  std::copy(image.begin(), image.end(), source_.begin());
  warp(source_, shape_, by, image);
}

}  // namespace hypnos
