#include "training/augmentation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace hypnos {
namespace {

constexpr std::size_t side = 7;
constexpr std::size_t channels = 2;
constexpr ImageShape shape = {.rows = side, .columns = side, .channels = channels};

const Dataset& data() {
  static const Dataset made{.name = "made", .shape = shape};
  return made;
}

std::vector<float> some_image() {
  std::vector<float> image(shape.features());
  for (std::size_t i = 0; i < image.size(); ++i) {
    image[i] = static_cast<float>((i * 37 + 11) % 64) / 64;
  }
  return image;
}

// How PyTorch's affine_grid and grid_sample do it, without corners aligned: places from -1 to 1.
std::vector<double> by_grid(const std::vector<float>& image, double angle, double across,
                            double down) {
  const auto n = static_cast<double>(side);
  std::vector<double> result(image.size(), 0);
  for (std::size_t row = 0; row < side; ++row) {
    for (std::size_t column = 0; column < side; ++column) {
      const double x = (2 * static_cast<double>(column) + 1) / n - 1;
      const double y = (2 * static_cast<double>(row) + 1) / n - 1;
      const double from_x = std::cos(angle) * x - std::sin(angle) * y + 2 * across / n;
      const double from_y = std::sin(angle) * x + std::cos(angle) * y + 2 * down / n;
      const double c = ((from_x + 1) * n - 1) / 2;
      const double r = ((from_y + 1) * n - 1) / 2;
      for (std::size_t i = 0; i < side; ++i) {
        for (std::size_t j = 0; j < side; ++j) {
          const double weight = std::max(0.0, 1 - std::abs(r - static_cast<double>(i))) *
                                std::max(0.0, 1 - std::abs(c - static_cast<double>(j)));
          for (std::size_t channel = 0; channel < channels; ++channel) {
            result[(row * side + column) * channels + channel] +=
                weight * double{image[(i * side + j) * channels + channel]};
          }
        }
      }
    }
  }
  return result;
}

TEST(Augmenter, TurnsAndMovesAsPyTorchWould) {
  const std::vector<float> image = some_image();
  const Augmentation augmentation = {.shift = 2.5, .rotation = 50};
  Augmenter augmenter(augmentation, data(), 3);
  for (std::uint64_t place = 0; place < 50; ++place) {
    std::vector<float> moved(image.size());
    augmenter.apply(image, place, moved);
    const auto words = RandomStream(3, Purpose::augmentation).block(place, 0);
    const auto uniform = [&](std::size_t word, double range) {
      return range * (static_cast<double>(words[word]) * 0x1p-31 - 1);
    };
    const auto wanted =
        by_grid(image, uniform(0, 50) * std::numbers::pi / 180, uniform(1, 2.5), uniform(2, 2.5));
    for (std::size_t i = 0; i < image.size(); ++i) {
      ASSERT_NEAR(moved[i], wanted[i], 1e-6) << place << " " << i;
    }
  }
}

TEST(Augmenter, LeavesImagesAloneWhereNothingMoves) {
  const std::vector<float> image = some_image();
  std::vector<float> moved(image.size());
  Augmenter({.shift = 0, .rotation = 0}, data(), 1).apply(image, 5, moved);
  EXPECT_EQ(moved, image);
}

TEST(Augmenter, ShowsImagesUnderOneOfTheDistortions) {
  const std::vector<float> image = some_image();
  const std::vector<Distortion> distortions = read_distortions("clean,blur=1,gaussian-noise=0.3");
  Augmenter augmenter({.distortions = distortions}, data(), 3);
  std::vector<std::size_t> seen(distortions.size(), 0);
  Dataset one = data();
  one.images = image;
  one.labels = {0};
  std::vector<float> first_noise;
  for (std::uint64_t place = 0; place < 300; ++place) {
    std::vector<float> shown(image.size());
    augmenter.apply(image, place, shown);
    if (shown == image) {
      ++seen[0];
    } else if (shown == distort(one, distortions[1], 3).images) {
      ++seen[1];
    } else {
      ++seen[2];
      EXPECT_NE(shown, first_noise) << "drawn anew each time";
      first_noise = shown;
    }
  }
  for (const std::size_t count : seen) EXPECT_NEAR(static_cast<double>(count), 100, 40);
}

}  // namespace
}  // namespace hypnos
