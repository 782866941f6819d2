#include "data/idx.hpp"

#include <fmt/format.h>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

NumberType type_of(unsigned char code, const std::filesystem::path& path) {
  switch (code) {
    case 0x08:
      return NumberType::u1;
    case 0x09:
      return NumberType::i1;
    case 0x0B:
      return NumberType::i2;
    case 0x0C:
      return NumberType::i4;
    case 0x0D:
      return NumberType::f4;
    case 0x0E:
      return NumberType::f8;
    default:
      throw FileError(path, fmt::format("its number type, 0x{:02x}, is none of IDX", code));
  }
}

struct Header {
  ArrayView array;  // without its bytes
  std::size_t length = 0;
};

std::optional<Header> parse_header(std::string_view content, const std::filesystem::path& path) {
  if (content.size() < 4) return {};
  if (content[0] != 0 || content[1] != 0) {
    throw FileError(path, "is not an IDX file (wrong magic number)");
  }
  Header header;
  header.array.type = type_of(static_cast<unsigned char>(content[2]), path);
  header.array.endian = std::endian::big;
  const auto dimensions = static_cast<unsigned char>(content[3]);
  header.length = 4 + std::size_t{4} * dimensions;
  if (content.size() < header.length) return {};
  for (std::size_t at = 4; at < header.length; at += 4) {
    std::size_t size = 0;
    for (std::size_t b = 0; b < 4; ++b) {
      size = size << 8 | static_cast<unsigned char>(content[at + b]);
    }
    header.array.shape.push_back(size);
  }
  return header;
}

}  // namespace

ArrayView parse_idx(std::string_view content, const std::filesystem::path& path) {
  auto header = parse_header(content, path);
  if (!header) throw FileError(path, "is truncated (IDX header)");
  ArrayView array = std::move(header->array);
  if (array.shape.empty()) throw FileError(path, "has no dimensions");
  array.bytes = array_bytes(content, header->length, array.shape, size_of(array.type), path);
  return array;
}

std::optional<std::size_t> idx_length(std::string_view beginning,
                                      const std::filesystem::path& path) {
  const auto header = parse_header(beginning, path);
  if (!header) return {};
  return header->length + bytes_of_shape(header->array.shape, size_of(header->array.type), path);
}

}  // namespace hypnos
