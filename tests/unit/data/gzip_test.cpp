#include "data/gzip.hpp"

#include <gtest/gtest.h>

#include "data/data_files.hpp"
#include "hypnos/error.hpp"
#include "support/arrays.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using namespace std::string_literals;
using test::gzip;

std::string plain_of(const std::string& bytes, std::size_t length) {
  return gunzip(bytes, [&](std::string_view) { return std::optional(length); }, "a.gz");
}

TEST(Gunzip, ReadsOneMemberOrSeveral) {
  EXPECT_EQ(plain_of(gzip("hello"), 5), "hello");
  EXPECT_EQ(plain_of(gzip("hel") + gzip("lo"), 5), "hello");
  const std::string longer(5'000'000, 'x');
  EXPECT_EQ(plain_of(gzip(longer), longer.size()), longer);
}

TEST(Gunzip, RefusesWhatIsDamaged) {
  const std::string good = gzip("hello, hello, hello");
  for (std::size_t length = 2; length < good.size(); ++length) {
    EXPECT_THROW(plain_of(good.substr(0, length), 19), FileError) << length;
  }
  EXPECT_THROW(plain_of(good + "x", 19), FileError);
}

TEST(Gunzip, MakesNoMoreThanIsPromised) {
  const std::string bomb = gzip(std::string(100'000'000, '\0'));
  EXPECT_EQ(plain_of(bomb, 1'000'000).size(), 1'000'001U) << "one more: seen to be too long";
  EXPECT_THROW(plain_of(gzip("hello"), 1'000'000'000), FileError) << "five bytes cannot be so many";
}

TEST(ReadIdx, StopsWhereItsHeaderSaysThatItEnds) {
  const test::TemporaryFolder folder;
  const std::string header = "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02"s;
  test::write_text(folder / "a.gz", gzip(header + std::string(100'000'000, '\0')));
  EXPECT_LT(read_idx(folder / "a.gz").size(), 5000U) << "its header takes a piece of its own";
  test::write_text(folder / "b.gz", gzip("nothing like an IDX file"));
  EXPECT_THROW(read_idx(folder / "b.gz"), FileError);
}

}  // namespace
}  // namespace hypnos
