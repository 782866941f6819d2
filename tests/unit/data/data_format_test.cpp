// How the rules of docs/formats.md decide, and where they refuse.

#include "data/data_format.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "data/open_data.hpp"
#include "hypnos/named_data.hpp"
#include "support/arrays.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::bytes_of;
using test::npy;

class Format : public testing::Test {
 protected:
  template <typename Number>
  void write(const char* half, const char* type, const std::string& shape,
             const std::vector<Number>& images, const std::string& labels) {
    test::write_text(folder_ / (std::string(half) + "-images.npy"),
                     npy(type, "(" + shape + ")", bytes_of(images)));
    test::write_text(folder_ / (std::string(half) + "-labels.npy"),
                     npy("|u1", fmt::format("({},)", labels.size()), labels));
  }
  void write_train(const std::string& shape, const std::vector<double>& images,
                   const std::string& labels = std::string("\0\1", 2)) {
    write("train", "<f8", shape, images, labels);
  }
  Dataset read(const DataReading& reading = {}, Split split = Split::train) {
    return load(folder_.path().string(), split, reading);
  }
  std::string choice(const DataReading& reading = {}) {
    try {
      read(reading);
    } catch (const AmbiguousDataError& error) {
      return error.choice();
    }
    return "none";
  }
  std::string error() {
    return test::message_of<FileError>([&] { read(); });
  }
  test::TemporaryFolder folder_;
};

TEST_F(Format, WholeNumbersOfImagesArePixelsWhateverTheirType) {
  const std::vector<float> expected = {0, 1, 0.2F, 0};
  write<std::uint8_t>("train", "|u1", "2, 1, 2", {0, 255, 51, 0}, std::string("\0\1", 2));
  EXPECT_EQ(images_of(read()), expected);
  write<std::int16_t>("train", "<i2", "2, 1, 2", {0, 255, 51, 0}, std::string("\0\1", 2));
  EXPECT_EQ(images_of(read()), expected);
  write<std::int64_t>("train", "<i8", "2, 1, 2", {0, 255, 51, 0}, std::string("\0\1", 2));
  EXPECT_EQ(images_of(read()), expected);
  EXPECT_EQ(images_of(read({.scale = ValueScale::as_is})), (std::vector<float>{0, 255, 51, 0}));
}

TEST_F(Format, AllElseIsTakenAsItIs) {
  for (const std::vector<double>& numbers : std::vector<std::vector<double>>{
           {0, 254.5, 51, 0}, {0, 256, 51, 0}, {0, -1, 51, 0}, {0, 1, 1, 0}}) {
    write_train("2, 1, 2", numbers);
    EXPECT_EQ(images_of(read()), std::vector<float>(numbers.begin(), numbers.end()));
    write_train("2, 2", numbers);
    EXPECT_EQ(images_of(read()), std::vector<float>(numbers.begin(), numbers.end()));
  }
  write<std::uint8_t>("train", "|u1", "2, 2", {0, 1, 1, 0}, std::string("\0\1", 2));
  EXPECT_EQ(images_of(read()), (std::vector<float>{0, 1, 1, 0})) << "features of 0 and 1";
}

TEST_F(Format, WholeNumbersThatMayBePixelsOrNotAreRefused) {
  write<std::uint8_t>("train", "|u1", "2, 2", {0, 255, 51, 0}, std::string("\0\1", 2));
  EXPECT_EQ(choice(), "range");
  EXPECT_EQ(images_of(read({.scale = ValueScale::pixels})), (std::vector<float>{0, 1, 0.2F, 0}));
  EXPECT_EQ(images_of(read({.scale = ValueScale::as_is})), (std::vector<float>{0, 255, 51, 0}));
  write_train("2, 1, 2", {0, 255, 51, 0});
  EXPECT_EQ(choice(), "range");
}

TEST_F(Format, BothHalvesHaveOneScale) {
  write<std::uint8_t>("train", "|u1", "2, 1, 2", {0, 255, 51, 0}, std::string("\0\1", 2));
  write<std::uint8_t>("test", "|u1", "1, 1, 2", {0, 1}, std::string("\0", 1));
  EXPECT_EQ(images_of(read({}, Split::test)), (std::vector<float>{0, 1 / 255.0F}));
}

TEST_F(Format, ChannelsStandWhereOneOrThreeDoes) {
  std::vector<double> numbers(24, 0.5);
  write_train("2, 3, 2, 2", numbers);
  EXPECT_EQ(read().shape, (ImageShape{2, 2, 3, Layout::channels_first}));
  write_train("2, 1, 6, 2", numbers);
  EXPECT_EQ(read().shape, (ImageShape{6, 2, 1, Layout::channels_first}));
  write_train("2, 2, 2, 3", numbers);
  EXPECT_EQ(read().shape, (ImageShape{2, 2, 3, Layout::channels_last}));
  for (const char* open : {"2, 1, 4, 3", "2, 2, 3, 2", "2, 3, 4, 1"}) {
    write_train(open, numbers);
    EXPECT_EQ(choice(), "layout") << open;
    EXPECT_EQ(choice({.layout = Layout::channels_last}), "none") << open;
  }
}

TEST_F(Format, LabelsFromOneOnAreRefusedOrShifted) {
  write_train("2, 1, 2", {0, 0.5, 0, 1}, "\1\2");
  EXPECT_EQ(choice(), "first_label");
  EXPECT_EQ(read({.first_label = 1}).labels, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(read({.first_label = 1}).classes, 2U);
  EXPECT_EQ(read({.first_label = 0}).classes, 3U);
  write_train("2, 1, 2", {0, 0.5, 0, 1});
  EXPECT_THROW(read({.first_label = 1}), FileError) << "there is a label 0";
}

TEST_F(Format, ClassesAreThoseOfBothHalves) {
  write_train("2, 1, 2", {0, 0.5, 0, 1});
  write<double>("test", "<f8", "1, 1, 2", {0, 0.5}, "\3");
  EXPECT_EQ(read().classes, 4U);
  write<double>("test", "<f8", "1, 1, 2", {0, 0.5}, std::string("\0", 1));
  EXPECT_EQ(read({}, Split::test).classes, 2U);
}

TEST_F(Format, HalvesOfTwoSizesAreRefusedByEither) {
  write_train("2, 1, 2", {0, 0.5, 0, 1});
  write<double>("test", "<f8", "1, 2, 1", {0, 0.5}, std::string("\0", 1));
  for (const Split split : {Split::train, Split::test}) {
    const std::string message = test::message_of<FileError>([&] { read({}, split); });
    EXPECT_NE(message.find("test-images.npy: has the shape [1 x 2 x 1], but train-images.npy has "
                           "[2 x 1 x 2]"),
              std::string::npos)
        << message;
  }
}

TEST_F(Format, NumbersBeyondSinglePrecisionAreRefused) {
  for (const double number : {1e39, -1e300, std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::quiet_NaN()}) {
    write_train("2, 1, 2", {0, 0.5, number, 1});
    EXPECT_NE(error().find("train-images.npy: sample 1: "), std::string::npos) << error();
  }
  write_train("2, 1, 2", {0, 0.5, 3.4e38, 1});
  EXPECT_EQ(images_of(read())[2], 3.4e38F);
}

TEST_F(Format, ClassNumbersHaveNoLargeGaps) {
  write_train("2, 1, 2", {0, 0.5, 0, 1});
  const std::vector<std::uint16_t> labels = {0, 65535};
  test::write_text(folder_ / "train-labels.npy", npy("<u2", "(2,)", bytes_of(labels)));
  EXPECT_NE(error().find("has the class number 65535 with 2 samples"), std::string::npos)
      << error();
}

TEST_F(Format, ChecksumsKnowShapeNumbersLabelsAndOrder) {
  const auto checksum = [&] {
    return checksum_of(open_data(folder_.path().string(), {}, Split::train));
  };
  write_train("2, 2, 2", {0, 1, 2, 3, 4, 5, 6, 7.5});
  const std::string before = checksum();
  EXPECT_EQ(checksum(), before);
  write_train("2, 1, 4", {0, 1, 2, 3, 4, 5, 6, 7.5});
  EXPECT_NE(checksum(), before) << "shape";
  write_train("2, 2, 2", {4, 5, 6, 7.5, 0, 1, 2, 3}, std::string("\1\0", 2));
  EXPECT_NE(checksum(), before) << "order";
  write_train("2, 2, 2", {0, 1, 2, 3, 4, 5, 6, 7.5}, std::string("\1\0", 2));
  EXPECT_NE(checksum(), before) << "labels";
  write<float>("train", "<f4", "2, 2, 2", {0, 1, 2, 3, 4, 5, 6, 7.5}, std::string("\0\1", 2));
  EXPECT_EQ(checksum(), before) << "the type does not matter";
}

}  // namespace
}  // namespace hypnos
