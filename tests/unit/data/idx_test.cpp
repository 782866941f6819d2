#include "data/idx.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using namespace std::string_literals;

// Two images of 1 x 3 bytes.
const std::string good = "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03"s + "abcdef";

std::string error_of(const std::string& content) {
  return test::message_of<FileError>([&] { parse_idx(content, "file.idx"); });
}

TEST(ParseIdx, ReadsShapeAndBytes) {
  const ArrayView array = parse_idx(good, "file.idx");
  EXPECT_EQ(array.shape, (std::vector<std::size_t>{2, 1, 3}));
  EXPECT_EQ(array.bytes, "abcdef");
}

TEST(ParseIdx, RefusesEveryTruncation) {
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_NE(error_of(good.substr(0, length)), "no error") << length;
  }
  EXPECT_EQ(error_of(good.substr(0, good.size() - 1)),
            "file.idx: is truncated: its header promises 6 bytes of data, but it has 5");
}

TEST(ParseIdx, RefusesWhatIsTooLong) {
  EXPECT_EQ(error_of(good + "x"),
            "file.idx: is too long: its header promises 6 bytes of data, but it has 7");
}

TEST(ParseIdx, RefusesWrongMagicAndType) {
  std::string wrong = good;
  wrong[0] = 'P';
  EXPECT_EQ(error_of(wrong), "file.idx: is not an IDX file (wrong magic number)");
  wrong = good;
  wrong[2] = 0x0D;
  EXPECT_EQ(error_of(wrong),
            "file.idx: is truncated: its header promises 24 bytes of data, but it has 6");
  wrong[2] = 0x0A;
  EXPECT_EQ(error_of(wrong), "file.idx: its number type, 0x0a, is none of IDX");
}

TEST(ParseIdx, ReadsAllTypesOfElements) {
  const auto numbers = [](char type, const std::string& bytes) {
    const std::string content = "\0\0"s + type + "\x01\0\0\0\x02"s + bytes;
    const ArrayView array = parse_idx(content, "file.idx");
    std::vector<double> read(2);
    for (std::size_t i = 0; i < 2; ++i) read_row(array, i, std::span(read).subspan(i, 1));
    return read;
  };
  using Numbers = std::vector<double>;
  EXPECT_EQ(numbers(0x08, "\x01\xFF"), (Numbers{1, 255}));
  EXPECT_EQ(numbers(0x09, "\x01\xFF"), (Numbers{1, -1}));
  EXPECT_EQ(numbers(0x0B, "\x01\x02\xFF\xFF"), (Numbers{258, -1}));
  EXPECT_EQ(numbers(0x0C, "\0\x01\x02\x03\xFF\xFF\xFF\xFF"s), (Numbers{66051, -1}));
  EXPECT_EQ(numbers(0x0D, "\x3F\xC0\0\0\xC0\0\0\0"s), (Numbers{1.5, -2}));
  EXPECT_EQ(numbers(0x0E, "\x3F\xF8\0\0\0\0\0\0\xC0\0\0\0\0\0\0\0"s), (Numbers{1.5, -2}));
}

TEST(ParseIdx, RefusesDimensionsThatOverflow) {
  const std::string huge =
      "\0\0\x08\x03\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s + "abcdef";
  EXPECT_EQ(error_of(huge), "file.idx: its shape is too large");
}

}  // namespace
}  // namespace hypnos
