#include <gtest/gtest.h>

#include "hypnos/data_summary.hpp"
#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "support/arrays.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using namespace std::string_literals;
using test::gzip;
using test::TemporaryFolder;

const std::string images = "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02"s + "\0\xFF\x33\0"s;
const std::string labels = "\0\0\x08\x01\0\0\0\x02\x03\0"s;

void expect_good(const Dataset& data) {
  EXPECT_EQ(data.shape, (ImageShape{.rows = 1, .columns = 2, .channels = 1}));
  EXPECT_EQ(data.classes, 4U);
  EXPECT_EQ(data.labels, (std::vector<std::uint32_t>{3, 0}));
  EXPECT_EQ(images_of(data), (std::vector<float>{0, 1, 0.2F, 0}));
}

TEST(LoadFolder, ReadsPlainAndCompressedIdx) {
  const TemporaryFolder folder;
  test::write_text(folder / "train-images-idx3-ubyte", images);
  test::write_text(folder / "train-labels-idx1-ubyte.gz", gzip(labels));
  expect_good(load(folder.path().string(), Split::train));
}

TEST(LoadFolder, RefusesImagesAndLabelsOfDifferentCounts) {
  const TemporaryFolder folder;
  test::write_text(folder / "t10k-images-idx3-ubyte", images);
  test::write_text(folder / "t10k-labels-idx1-ubyte", "\0\0\x08\x01\0\0\0\x01\x03"s);
  const std::string message =
      test::message_of<FileError>([&] { load(folder.path().string(), Split::test); });
  EXPECT_NE(message.find("has 1 labels for the 2 images of"), std::string::npos) << message;
}

TEST(LoadFolder, RefusesDamagedGzip) {
  const TemporaryFolder folder;
  test::write_text(folder / "train-images-idx3-ubyte", images);
  const std::string compressed = gzip(labels);
  for (const std::string& damaged :
       {compressed.substr(0, compressed.size() - 3), compressed + "x", compressed.substr(0, 5)}) {
    test::write_text(folder / "train-labels-idx1-ubyte.gz", damaged);
    EXPECT_THROW(load(folder.path().string(), Split::train), FileError);
  }
}

TEST(LoadFolder, SaysWhatItLookedFor) {
  const TemporaryFolder folder;
  const std::string message =
      test::message_of<FileError>([&] { load(folder.path().string(), Split::train); });
  EXPECT_NE(message.find("train-images-idx3-ubyte"), std::string::npos) << message;
  EXPECT_NE(message.find("train-images.npy"), std::string::npos) << message;
}

TEST(LoadFolder, MayHaveOneHalfAlone) {
  const TemporaryFolder folder;
  test::write_text(folder / "train-images-idx3-ubyte", images);
  test::write_text(folder / "train-labels-idx1-ubyte", labels);
  test::write_text(folder / "t10k-labels-idx1-ubyte", labels);
  const DataSummary summary = summarize_data(folder.path().string());
  EXPECT_EQ(summary.train.value().per_class, (std::vector<std::size_t>{1, 0, 0, 1}));
  EXPECT_FALSE(summary.test.has_value());
  EXPECT_EQ(summary.ignored, std::vector<std::string>{"t10k-labels-idx1-ubyte"});
  EXPECT_FALSE(has_split(folder.path().string(), Split::test));
  EXPECT_EQ(test::message_of<FileError>([&] { load(folder.path().string(), Split::test); }),
            folder.path().string() + ": has no test half");
}

TEST(LoadFolder, RefusesAHalfThatIsThereTwice) {
  const TemporaryFolder folder;
  test::write_text(folder / "train-images-idx3-ubyte", images);
  test::write_text(folder / "train-labels-idx1-ubyte", labels);
  test::write_text(folder / "train.csv", "a,label\n1,0\n");
  const std::string message =
      test::message_of<FileError>([&] { load(folder.path().string(), Split::train); });
  EXPECT_NE(message.find("has both train-images-idx3-ubyte and train.csv"), std::string::npos)
      << message;
}

TEST(Select, TakesSamplesInTheGivenOrder) {
  const TemporaryFolder folder;
  test::write_text(folder / "train-images-idx3-ubyte", images);
  test::write_text(folder / "train-labels-idx1-ubyte", labels);
  const Dataset data = load(folder.path().string(), Split::train);
  const Dataset swapped = select(data, std::vector<std::uint32_t>{1, 0});
  EXPECT_EQ(swapped.labels, (std::vector<std::uint32_t>{0, 3}));
  EXPECT_EQ(images_of(swapped), (std::vector<float>{0.2F, 0, 0, 1}));
  EXPECT_EQ(mean_image(data), (std::vector<float>{0.1F, 0.5F}));
}

}  // namespace
}  // namespace hypnos
