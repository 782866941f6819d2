#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "data/npy_view.hpp"
#include "hypnos/error.hpp"
#include "support/arrays.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::bytes_of;
using test::npy;

std::vector<double> numbers_of(const std::string& content) {
  const ArrayView array = parse_npy(content, "a.npy");
  std::vector<double> numbers;
  std::vector<double> row(array.row_size());
  for (std::size_t r = 0; r < array.rows(); ++r) {
    read_row(array, r, row);
    numbers.insert(numbers.end(), row.begin(), row.end());
  }
  return numbers;
}

std::string error_of(const std::string& content) {
  const std::string message = test::message_of<FileError>([&] { parse_npy(content, "a.npy"); });
  return message.starts_with("a.npy: ") ? message.substr(7) : message;
}

template <typename Number>
void expect_read(const std::string& code, std::vector<Number> numbers) {
  const std::vector<double> expected(numbers.begin(), numbers.end());
  const std::string shape = "(" + std::to_string(numbers.size()) + ",)";
  EXPECT_EQ(numbers_of(npy("<" + code, shape, bytes_of(numbers))), expected) << code;
  std::string swapped = bytes_of(numbers);
  for (std::size_t at = 0; at < swapped.size(); at += sizeof(Number)) {
    std::reverse(swapped.begin() + static_cast<std::ptrdiff_t>(at),
                 swapped.begin() + static_cast<std::ptrdiff_t>(at + sizeof(Number)));
  }
  EXPECT_EQ(numbers_of(npy(">" + code, shape, swapped)), expected) << code << ", big-endian";
}

TEST(ParseNpy, ReadsAllRealTypesInBothByteOrders) {
  expect_read<std::uint8_t>("u1", {0, 7, 255});
  expect_read<std::int8_t>("i1", {-128, 0, 127});
  expect_read<std::uint16_t>("u2", {0, 258, 65535});
  expect_read<std::int16_t>("i2", {-32768, 258});
  expect_read<std::uint32_t>("u4", {0, 16909060, 4294967295});
  expect_read<std::int32_t>("i4", {-2147483648, 16909060});
  expect_read<std::uint64_t>("u8", {0, 72623859790382856});
  expect_read<std::int64_t>("i8", {-1, 72623859790382856});
  expect_read<float>("f4", {-1.5F, 3e38F, 1e-45F});
  expect_read<double>("f8", {-1.5, 1e300});
  EXPECT_EQ(numbers_of(npy("|b1", "(3,)", std::string("\0\1\2", 3))),
            (std::vector<double>{0, 1, 1}));
}

TEST(ParseNpy, ReadsHalfPrecision) {
  const std::vector<std::uint16_t> bits = {0x3C00, 0xC000, 0x7BFF, 0x0001, 0x3555, 0x8000};
  const std::vector<double> expected = {1, -2, 65504, std::ldexp(1, -24), 0.333251953125, 0};
  EXPECT_EQ(numbers_of(npy("<f2", "(6,)", bytes_of(bits))), expected);
  const std::vector<std::uint16_t> infinite = {0x7C00};
  EXPECT_TRUE(std::isinf(numbers_of(npy("<f2", "(1,)", bytes_of(infinite)))[0]));
}

TEST(ParseNpy, ReadsFortranOrder) {
  // numpy.arange(24).reshape(2, 3, 4) in Fortran order.
  std::vector<std::uint8_t> fortran;
  for (int k = 0; k < 4; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) fortran.push_back(static_cast<std::uint8_t>(12 * i + 4 * j + k));
    }
  }
  std::vector<double> expected;
  for (int n = 0; n < 24; ++n) expected.push_back(n);
  EXPECT_EQ(numbers_of(npy("|u1", "(2, 3, 4)", bytes_of(fortran), "True")), expected);
  EXPECT_EQ(numbers_of(npy("|u1", "(3,)", "\1\2\3", "True")), (std::vector<double>{1, 2, 3}));
}

TEST(ParseNpy, ReadsWhatPython2Wrote) {
  EXPECT_EQ(numbers_of(npy("|u1", "(1L, 2L)", "\1\2")), (std::vector<double>{1, 2}));
}

TEST(ParseNpy, RefusesHeadersThatPythonWouldNotRead) {
  for (const char* shape : {"(3 4)", "(-40, 8, -8)", "(40, 8.8)", "(12)", "(3, 4", "3, 4", "(3,,4)",
                            "(0x0C,)", "(+12,)", "[3, 4]", "(3, 4) 5", "(,)", "(1e1,)"}) {
    EXPECT_NE(error_of(npy("|u1", shape, std::string(12, 'x'))), "no error") << shape;
  }
  EXPECT_EQ(error_of(npy("|u1", "(3, 4,)", std::string(12, 'x'))), "no error");
  EXPECT_EQ(error_of(npy("|u1", "(40, 8.8)", "")),
            "its .npy header cannot be understood: numbers of the shape need commas between them");
  EXPECT_EQ(error_of(npy("|u1", "(-40, 8)", "")),
            "its .npy header has a shape that is not of whole numbers, 0 or more");
  EXPECT_NE(error_of(npy("|u1", "(3,)", "xxx", "true")), "no error");
  EXPECT_NE(error_of(npy("|u1', 'descr': '|u1", "(3,)", "xxx")), "no error");
  EXPECT_NE(error_of(npy("|u1', 'more': '|u1", "(3,)", "xxx")), "no error");
}

TEST(ParseNpy, RefusesWhatItCannotRead) {
  EXPECT_EQ(error_of("P5 not numpy at all"), "is not an .npy file (wrong magic number)");
  EXPECT_EQ(error_of(npy("|u1", "(2, 3)", "abcde")),
            "is truncated: its header promises 6 bytes of data, but it has 5");
  EXPECT_EQ(error_of(npy("|u1", "(2, 3)", "abcdefg")),
            "is too long: its header promises 6 bytes of data, but it has 7");
  for (const char* type : {"<c8", "|f4", "<f16", "<M8", "f4", ""}) {
    EXPECT_EQ(error_of(npy(type, "(1,)", "abcd")),
              std::string("number type ") + type +
                  " is not supported; save it as float32 or another type of real numbers");
  }
  for (const char* type : {"<U4", "|S3", "|O"}) {
    EXPECT_NE(error_of(npy(type, "(1,)", "abcd")).find("numpy.unique"), std::string::npos) << type;
  }
  EXPECT_EQ(error_of(npy("|u1", "(99999999999, 99999999999)", "a")), "its shape is too large");
  EXPECT_EQ(error_of(npy("|u1", "(99999999999999999999999,)", "a")), "its shape is too large");
}

TEST(ParseNpy, RefusesEveryTruncation) {
  const std::string good = npy("<f4", "(2,)", "abcdefgh");
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_NE(error_of(good.substr(0, length)), "no error") << length;
  }
}

}  // namespace
}  // namespace hypnos
