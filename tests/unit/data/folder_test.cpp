#include <gtest/gtest.h>
#include <zlib.h>

#include "hypnos/dataset.hpp"
#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using namespace std::string_literals;
using test::TemporaryFolder;

const std::string images = "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02"s + "\0\xFF\x33\0"s;
const std::string labels = "\0\0\x08\x01\0\0\0\x02\x03\x01"s;

std::string gzip(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void expect_good(const Dataset& data) {
  EXPECT_EQ(data.shape, (ImageShape{.rows = 1, .columns = 2, .channels = 1}));
  EXPECT_EQ(data.classes, 4U);
  EXPECT_EQ(data.labels, (std::vector<std::uint32_t>{3, 1}));
  EXPECT_EQ(data.images, (std::vector<float>{0, 1, 0.2F, 0}));
}

TEST(ReadFolder, ReadsPlainAndCompressedIdx) {
  const TemporaryFolder folder;
  test::write_text(folder / "train-images-idx3-ubyte", images);
  test::write_text(folder / "train-labels-idx1-ubyte.gz", gzip(labels));
  expect_good(read_folder(folder.path(), Split::train));
}

TEST(ReadFolder, RefusesImagesAndLabelsOfDifferentCounts) {
  const TemporaryFolder folder;
  test::write_text(folder / "t10k-images-idx3-ubyte", images);
  test::write_text(folder / "t10k-labels-idx1-ubyte", "\0\0\x08\x01\0\0\0\x01\x03"s);
  const std::string message =
      test::message_of<FileError>([&] { read_folder(folder.path(), Split::test); });
  EXPECT_NE(message.find("has 1 labels for the 2 images of"), std::string::npos) << message;
}

TEST(ReadFolder, RefusesDamagedGzip) {
  const TemporaryFolder folder;
  test::write_text(folder / "train-images-idx3-ubyte", images);
  const std::string compressed = gzip(labels);
  for (const std::string& damaged :
       {compressed.substr(0, compressed.size() - 3), compressed + "x", compressed.substr(0, 5)}) {
    test::write_text(folder / "train-labels-idx1-ubyte.gz", damaged);
    EXPECT_THROW(read_folder(folder.path(), Split::train), FileError);
  }
}

TEST(ReadFolder, SaysWhatItLookedFor) {
  const TemporaryFolder folder;
  const std::string message =
      test::message_of<FileError>([&] { read_folder(folder.path(), Split::train); });
  EXPECT_NE(message.find("train-images-idx3-ubyte"), std::string::npos) << message;
  EXPECT_NE(message.find("train-images.npy"), std::string::npos) << message;
}

TEST(Select, TakesSamplesInTheGivenOrder) {
  const TemporaryFolder folder;
  test::write_text(folder / "train-images-idx3-ubyte", images);
  test::write_text(folder / "train-labels-idx1-ubyte", labels);
  const Dataset data = read_folder(folder.path(), Split::train);
  const Dataset swapped = select(data, std::vector<std::uint32_t>{1, 0});
  EXPECT_EQ(swapped.labels, (std::vector<std::uint32_t>{1, 3}));
  EXPECT_EQ(swapped.images, (std::vector<float>{0.2F, 0, 0, 1}));
  EXPECT_EQ(mean_image(data), (std::vector<float>{0.1F, 0.5F}));
}

}  // namespace
}  // namespace hypnos
