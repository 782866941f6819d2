#include "hypnos/npy.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::TemporaryFolder;

std::string npy(const std::string& type, const std::string& shape, const std::string& data,
                const std::string& order = "False") {
  const std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", type, order, shape);
  std::string content("\x93NUMPY\x01\x00", 8);
  content += static_cast<char>(header.size());
  content += '\0';
  return content + header + data;
}

std::string error_of(const std::string& content) {
  const TemporaryFolder folder;
  test::write_text(folder / "a.npy", content);
  const std::string message = test::message_of<FileError>([&] { read_npy(folder / "a.npy"); });
  const std::string path = (folder / "a.npy").string() + ": ";
  return message.starts_with(path) ? message.substr(path.size()) : message;
}

TEST(ReadNpy, ReadsBytesAndFloats) {
  const TemporaryFolder folder;
  test::write_text(folder / "a.npy", npy("|u1", "(2, 3)", "abcdef"));
  const NpyArray bytes = read_npy(folder / "a.npy");
  EXPECT_EQ(bytes.type, "u1");
  EXPECT_EQ(bytes.shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(to_doubles(bytes), (std::vector<double>{97, 98, 99, 100, 101, 102}));

  const float values[] = {1.5F, -2.0F};
  test::write_text(folder / "f.npy",
                   npy("<f4", "(2,)", std::string(reinterpret_cast<const char*>(values), 8)));
  EXPECT_EQ(to_doubles(read_npy(folder / "f.npy")), (std::vector<double>{1.5, -2.0}));
}

TEST(ReadNpy, RefusesWhatItCannotRead) {
  EXPECT_EQ(error_of("P5 not numpy at all"), "is not an .npy file (wrong magic number)");
  EXPECT_EQ(error_of(npy("|u1", "(2, 3)", "abcde")),
            "is truncated: its header promises 6 bytes of data, but it has 5");
  EXPECT_EQ(error_of(npy("|u1", "(2, 3)", "abcdefg")),
            "is too long: its header promises 6 bytes of data, but it has 7");
  EXPECT_EQ(error_of(npy(">f4", "(1,)", "abcd")), "number type >f4 is not supported");
  EXPECT_EQ(error_of(npy("<U4", "(1,)", "abcd")), "number type U4 is not supported");
  EXPECT_EQ(error_of(npy("|u1", "(2, 3)", "abcdef", "True")),
            "is in Fortran order; save numpy.ascontiguousarray(array)");
  EXPECT_EQ(error_of(std::string("\x93NUMPY\x01\x00\xFF\x7F", 10) + std::string(40000, 'x')),
            "its .npy header is too long");
  EXPECT_EQ(error_of(npy("|u1", "(99999999999, 99999999999)", "a")), "its shape is too large");
  EXPECT_EQ(error_of(npy("|u1", "(99999999999999999999999,)", "a")), "its shape is too large");
}

}  // namespace
}  // namespace hypnos
