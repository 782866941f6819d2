#include "network/safetensors.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::TemporaryFolder;

std::string file_of(const std::string& header, const std::string& data,
                    std::uint64_t claimed = UINT64_MAX) {
  const std::uint64_t length = claimed == UINT64_MAX ? header.size() : claimed;
  std::string content(8, '\0');
  std::memcpy(content.data(), &length, 8);
  return content + header + data;
}

std::string error_of(const std::string& content) {
  const TemporaryFolder folder;
  test::write_text(folder / "m", content);
  const std::string message = test::message_of<FileError>([&] { safetensors::read(folder / "m"); });
  const std::string path = (folder / "m").string() + ": ";
  return message.starts_with(path) ? message.substr(path.size()) : message;
}

const std::string needs = "tensor a: needs a dtype, a shape of whole numbers, and two data_offsets";
const std::string one = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
const std::string eight = "12345678";

TEST(Safetensors, SurvivesARoundTrip) {
  const TemporaryFolder folder;
  safetensors::File file;
  file.metadata = {{"key", "a \"quoted\" värde"}};
  file.tensors = {{.name = "b", .type = "F32", .shape = {1, 2}, .bytes = eight},
                  {.name = "nothing", .type = "F32", .shape = {0}, .bytes = ""},
                  {.name = "a", .type = "I8", .shape = {3}, .bytes = "xyz"}};
  safetensors::write(folder / "m", file);
  const safetensors::File read = safetensors::read(folder / "m");
  EXPECT_EQ(read.metadata, file.metadata);
  ASSERT_EQ(read.tensors.size(), 3U);
  for (std::size_t t = 0; t < 3; ++t) {
    EXPECT_EQ(read.tensors[t].name, file.tensors[t].name);
    EXPECT_EQ(read.tensors[t].type, file.tensors[t].type);
    EXPECT_EQ(read.tensors[t].shape, file.tensors[t].shape);
    EXPECT_EQ(read.tensors[t].bytes, file.tensors[t].bytes);
  }
}

TEST(Safetensors, AcceptsTheSmallestFiles) {
  EXPECT_EQ(error_of(file_of("{}", "")), "no error");
  EXPECT_EQ(error_of(file_of(one, eight)), "no error");
}

TEST(Safetensors, RefusesLyingHeaderLengths) {
  EXPECT_EQ(error_of("short"), "is too short for a safetensors file");
  EXPECT_NE(error_of(file_of(one, eight, 1000)).find("says that its header has 1000 bytes"),
            std::string::npos);
  EXPECT_NE(error_of(file_of(one, eight, 0xFFFFFFFFFFFFFFF0ULL)).find("says that its header has"),
            std::string::npos);
  EXPECT_EQ(error_of(file_of(one, eight, one.size() - 1)),
            "the header is not JSON; is this a safetensors file?");
}

TEST(Safetensors, RefusesEveryTruncation) {
  const std::string content = file_of(one, eight);
  for (std::size_t length = 0; length < content.size(); ++length) {
    EXPECT_NE(error_of(content.substr(0, length)), "no error") << length;
  }
}

TEST(Safetensors, RefusesOverlapsHolesAndLeftovers) {
  const auto two = [](const char* a, const char* b) {
    return std::string(R"({"a":{"dtype":"I8","shape":[4],"data_offsets":)") + a +
           R"(},"b":{"dtype":"I8","shape":[4],"data_offsets":)" + b + "}}";
  };
  EXPECT_EQ(error_of(file_of(two("[0,4]", "[4,8]"), eight)), "no error");
  EXPECT_EQ(error_of(file_of(two("[0,4]", "[3,7]"), eight)),
            "tensor b: overlaps another at byte 3 of the data");
  EXPECT_EQ(error_of(file_of(two("[0,4]", "[5,9]"), eight + "9")),
            "tensor b: leaves a hole at byte 5 of the data");
  EXPECT_EQ(error_of(file_of(two("[0,4]", "[4,8]"), eight + "9")),
            "has 1 bytes after its last tensor");
  EXPECT_NE(error_of(file_of(two("[0,4]", "[8,4]"), eight)).find("are outside"), std::string::npos);
}

TEST(Safetensors, RefusesDuplicateKeys) {
  const std::string entry = R"({"dtype":"I8","shape":[4],"data_offsets":[0,4]})";
  EXPECT_EQ(error_of(file_of("{\"a\":" + entry + ",\"a\":" + entry + "}", "1234")),
            "the header has the key \"a\" twice");
  EXPECT_EQ(error_of(file_of(
                R"({"a":{"dtype":"I8","dtype":"I8","shape":[4],"data_offsets":[0,4]}})", "1234")),
            "the header has the key \"dtype\" twice");
}

TEST(Safetensors, TakesNothingButWholeNumbersForOne) {
  const auto entry = [](const std::string& shape, const std::string& offsets) {
    return file_of(
        R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}", eight);
  };
  EXPECT_EQ(error_of(entry("[2]", "[0,8]")), "no error");
  for (const char* shape : {"[2.0]", "[2.5]", "[-2]", "[true]", "[\"2\"]", "[null]", "[[2]]", "2",
                            "{\"0\":2}", "null", "[18446744073709551618]"}) {
    EXPECT_EQ(error_of(entry(shape, "[0,8]")), needs) << shape;
  }
  for (const char* offsets :
       {"[0,8,8]", "[8]", "[]", "[0.0,8]", "[0,8.5]", "[-1,8]", "[false,8]", "8", "[0,null]"}) {
    EXPECT_EQ(error_of(entry("[2]", offsets)), needs) << offsets;
  }
}

TEST(Safetensors, RefusesHeadersThatAreNestedTooDeep) {
  EXPECT_EQ(error_of(file_of(std::string(100'000, '['), "")), "the header is nested too deep");
}

// PyTorch takes a tensor only from a multiple of its size.
TEST(Safetensors, WritesWideNumbersFirst) {
  const TemporaryFolder folder;
  safetensors::write(folder / "m",
                     {.tensors = {{.name = "half", .type = "F16", .shape = {1}, .bytes = "12"},
                                  {.name = "count", .type = "I64", .shape = {}, .bytes = eight},
                                  {.name = "other", .type = "F16", .shape = {1}, .bytes = "34"}},
                      .metadata = {}});
  std::vector<std::string> names;
  for (const auto& tensor : safetensors::read(folder / "m").tensors) names.push_back(tensor.name);
  EXPECT_EQ(names, (std::vector<std::string>{"count", "half", "other"}));
}

TEST(Safetensors, RefusesShapesThatDoNotFitTheirBytes) {
  EXPECT_EQ(error_of(file_of(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", eight)),
            "tensor a: its shape needs 12 bytes, but it has 8");
  EXPECT_EQ(
      error_of(file_of(
          R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}})", eight)),
      "tensor a: the shape is too large");
  EXPECT_EQ(error_of(file_of(R"({"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}})", eight)),
            "tensor a: unknown number type F33");
  EXPECT_NE(error_of(file_of(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", eight)),
            "no error");
  EXPECT_EQ(error_of(file_of(R"({"a":[1]})", "")), needs);
  EXPECT_EQ(error_of(file_of("[1]", "")), "the header is not a JSON object");
  EXPECT_EQ(error_of(file_of(R"({"__metadata__":{"a":1}})", "")),
            "__metadata__ may hold only text");
}

}  // namespace
}  // namespace hypnos
