#include "hypnos/dataset.hpp"

#include <gtest/gtest.h>

#include "support/networks.hpp"

namespace hypnos {
namespace {

using test::pixels_in_two_forms;
using test::TwoForms;

const ImageShape shape = {.rows = 2, .columns = 3, .channels = 3};

TEST(Dataset, BytesAndNumbersAreTheSameImages) {
  const TwoForms data = pixels_in_two_forms(20, shape, 4);
  EXPECT_EQ(images_of(data.bytes), data.numbers.images);
  EXPECT_EQ(mean_image(data.bytes), mean_image(data.numbers));
  EXPECT_EQ(noise_shape(data.bytes), noise_shape(data.numbers));
  const std::vector<std::uint32_t> indices = {3, 19, 4};
  const Dataset chosen = select(data.bytes, indices);
  EXPECT_TRUE(chosen.images.empty());
  EXPECT_EQ(chosen.labels, select(data.numbers, indices).labels);
  EXPECT_EQ(images_of(chosen), select(data.numbers, indices).images);
}

TEST(ImageSums, AreThoseOfAllImagesTogether) {
  Dataset whole = pixels_in_two_forms(20, shape, 4).numbers;
  const std::vector<std::uint32_t> first = {0, 1, 2, 3, 4, 5, 6};
  const std::vector<std::uint32_t> rest = {7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
  const Normalization normalization = {.means = {0.4}, .deviations = {0.2}};
  for (const bool normalized : {false, true}) {
    if (normalized) normalize(whole, normalization);
    ImageSums sums;
    add(sums, select(whole, first));
    add(sums, select(whole, rest));
    EXPECT_EQ(sums.samples, 20U);
    EXPECT_EQ(mean_image(sums, shape, whole.normalization), mean_image(whole));
  }
}

TEST(Dataset, BorrowedNumbersAreTheSameImages) {
  const Dataset own = pixels_in_two_forms(20, shape, 4).numbers;
  Dataset borrowing = own;
  borrowing.images.clear();
  borrowing.borrowed = own.images;
  EXPECT_EQ(images_of(borrowing), own.images);
  EXPECT_EQ(noise_shape(borrowing), noise_shape(own));
  EXPECT_EQ(borrowing.image(3, {}).data(), own.images.data() + 3 * shape.features());
  const std::vector<std::uint32_t> indices = {3, 19, 4};
  const Dataset chosen = select(borrowing, indices);
  EXPECT_EQ(chosen.images, select(own, indices).images);
  EXPECT_TRUE(chosen.borrowed.empty());
}

TEST(Dataset, BytesAndNumbersAreNormalizedAlike) {
  const TwoForms data = pixels_in_two_forms(20, shape, 4);
  const Normalization measured = measure_normalization(data.numbers);
  EXPECT_EQ(measure_normalization(data.bytes), measured);
  const Normalization one{.means = {0.1307}, .deviations = {0.3081}};
  const Normalization each{.means = std::vector<double>(18, 0.5),
                           .deviations = std::vector<double>(18, 0.25)};
  for (const Normalization& normalization : {one, measured, each}) {
    TwoForms both = data;
    normalize(both.bytes, normalization);
    normalize(both.numbers, normalization);
    EXPECT_EQ(images_of(both.bytes), both.numbers.images);
    EXPECT_EQ(mean_image(both.bytes), mean_image(both.numbers));
    EXPECT_EQ(images_of(select(both.bytes, std::vector<std::uint32_t>{5})),
              select(both.numbers, std::vector<std::uint32_t>{5}).images);
  }
}

}  // namespace
}  // namespace hypnos
