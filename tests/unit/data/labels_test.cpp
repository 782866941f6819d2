#include "data/labels.hpp"

#include <gtest/gtest.h>

#include "data/npy_view.hpp"
#include "hypnos/error.hpp"
#include "support/arrays.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::bytes_of;
using test::npy;
using Labels = std::vector<std::uint32_t>;

Labels labels_in(const std::string& content) {
  return read_labels(parse_npy(content, "l.npy"), "l.npy");
}

std::string error_of(const std::string& content) {
  return test::message_of<FileError>([&] { labels_in(content); });
}

TEST(ReadLabels, TakesWholeNumbersOfAnyTypeAndShape) {
  const std::vector<double> numbers = {2, 0, 1};
  const std::vector<std::int64_t> integers = {2, 0, 1};
  EXPECT_EQ(labels_in(npy("<f8", "(3,)", bytes_of(numbers))), (Labels{2, 0, 1}));
  EXPECT_EQ(labels_in(npy("<i8", "(3, 1)", bytes_of(integers))), (Labels{2, 0, 1}));
  EXPECT_EQ(labels_in(npy("|b1", "(2, 1, 1)", std::string("\1\0", 2))), (Labels{1, 0}));
}

TEST(ReadLabels, TakesRowsWithASingleOne) {
  const std::vector<float> rows = {0, 1, 0, 0, 0, 1, 1, 0, 0};
  EXPECT_EQ(labels_in(npy("<f4", "(3, 3)", bytes_of(rows))), (Labels{1, 2, 0}));
  EXPECT_EQ(labels_in(npy("|u1", "(2, 2)", std::string("\0\1\1\0", 4), "True")), (Labels{1, 0}));
}

TEST(ReadLabels, NamesTheSampleThatHasNone) {
  const std::vector<double> fraction = {0, 1.5};
  EXPECT_EQ(error_of(npy("<f8", "(2,)", bytes_of(fraction))),
            "l.npy: sample 1: 1.5 is not a class number; classes are numbered 0, 1, 2, ... up to "
            "65535");
  const std::vector<std::int8_t> negative = {-1, 1};
  EXPECT_NE(error_of(npy("|i1", "(2,)", bytes_of(negative))).find("sample 0: -1 is not a class"),
            std::string::npos);
  for (const char* rows : {"\1\1", "\2\0"}) {
    const std::string message = error_of(npy("|u1", "(1, 2)", std::string(rows, 2)));
    EXPECT_NE(message.find("sample 0: its 2 numbers are not a single 1"), std::string::npos)
        << message;
  }
  EXPECT_NE(error_of(npy("|u1", "(1, 2, 2)", "abcd")).find("not [1 x 2 x 2]"), std::string::npos);
  EXPECT_EQ(error_of(npy("|u1", "(0,)", "")), "l.npy: has no labels");
}

}  // namespace
}  // namespace hypnos
