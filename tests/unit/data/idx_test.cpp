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
  const IdxArray array = parse_idx(good, "file.idx");
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
  EXPECT_EQ(error_of(wrong), "file.idx: only IDX files of unsigned bytes are read");
}

TEST(ParseIdx, RefusesDimensionsThatOverflow) {
  const std::string huge =
      "\0\0\x08\x03\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s + "abcdef";
  EXPECT_EQ(error_of(huge), "file.idx: its shape is too large");
}

}  // namespace
}  // namespace hypnos
