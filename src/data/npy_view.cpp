#include "data/npy_view.hpp"

#include <fmt/format.h>

#include "data/npy_header.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// NumPy's codes, without the byte order.
struct Code {
  std::string_view text;
  NumberType type;
};
constexpr Code codes[] = {
    {"b1", NumberType::boolean}, {"u1", NumberType::u1}, {"i1", NumberType::i1},
    {"u2", NumberType::u2},      {"i2", NumberType::i2}, {"u4", NumberType::u4},
    {"i4", NumberType::i4},      {"u8", NumberType::u8}, {"i8", NumberType::i8},
    {"f2", NumberType::f2},      {"f4", NumberType::f4}, {"f8", NumberType::f8}};

void set_type(ArrayView& array, std::string_view descr, const std::filesystem::path& path) {
  constexpr std::string_view orders = "<>|=";
  if (descr.size() == 3 && orders.find(descr[0]) != std::string_view::npos) {
    for (const Code& code : codes) {
      if (descr.substr(1) != code.text) continue;
      // Only single bytes have no order.
      if (descr[0] == '|' && size_of(code.type) > 1) break;
      array.type = code.type;
      if (descr[0] == '<') array.endian = std::endian::little;
      if (descr[0] == '>') array.endian = std::endian::big;
      return;
    }
  }
  const std::string_view kind = descr.substr(0, 2);
  if (kind.find_first_of("USO") != std::string_view::npos) {
    throw FileError(path, fmt::format("number type {}: it holds {}, not numbers; classes are "
                                      "numbered in Python by numpy.unique(labels, "
                                      "return_inverse=True)[1]",
                                      descr, kind.ends_with('O') ? "Python's objects" : "texts"));
  }
  throw FileError(path, fmt::format("number type {} is not supported; save it as float32 or "
                                    "another type of real numbers",
                                    descr));
}

}  // namespace

ArrayView parse_npy(std::string_view content, const std::filesystem::path& path) {
  constexpr std::string_view magic = "\x93NUMPY";
  constexpr std::size_t version_at = 6;
  constexpr std::size_t length_at = 8;
  if (!content.starts_with(magic) || content.size() < length_at + 4) {
    throw FileError(path, "is not an .npy file (wrong magic number)");
  }
  const int version = content[version_at];
  if (version < 1 || version > 3) {
    throw FileError(path, fmt::format("unknown .npy version {}", version));
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  std::size_t header_bytes = 0;
  for (std::size_t b = length_bytes; b-- > 0;) {
    header_bytes = header_bytes << 8 | static_cast<unsigned char>(content[length_at + b]);
  }
  const std::size_t header_at = length_at + length_bytes;
  if (content.size() - header_at < header_bytes) {
    throw FileError(path, "is truncated (.npy header)");
  }
  const NpyHeader header = parse_npy_header(content.substr(header_at, header_bytes), path);
  ArrayView array;
  set_type(array, header.descr, path);
  array.fortran = header.fortran_order;
  array.shape = header.shape;
  array.bytes =
      array_bytes(content, header_at + header_bytes, array.shape, size_of(array.type), path);
  return array;
}

}  // namespace hypnos
