#include "hypnos/npy.hpp"

#include <fmt/format.h>

#include <cstring>
#include <regex>

#include "data/byte_file.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

std::string match(const std::filesystem::path& path, const std::string& header,
                  const char* pattern) {
  std::smatch found;
  if (!std::regex_search(header, found, std::regex(pattern))) {
    throw FileError(path, "its .npy header cannot be understood");
  }
  return found[1];
}

std::size_t size_of_type(const std::filesystem::path& path, const std::string& type) {
  for (const char* known : {"b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"}) {
    if (type == known) return static_cast<std::size_t>(type[1] - '0');
  }
  throw FileError(path, fmt::format("number type {} is not supported", type));
}

std::vector<std::size_t> parse_shape(const std::filesystem::path& path, const std::string& text) {
  std::vector<std::size_t> shape;
  const std::regex number("[0-9]+");
  for (std::sregex_iterator it(text.begin(), text.end(), number), end; it != end; ++it) {
    try {
      shape.push_back(std::stoull(it->str()));
    } catch (const std::out_of_range&) {
      throw FileError(path, "its shape is too large");
    }
  }
  return shape;
}

template <typename T>
void append_as(const std::string& bytes, std::vector<double>& values) {
  for (std::size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    values.push_back(static_cast<double>(value));
  }
}

}  // namespace

std::size_t NpyArray::elements() const {
  std::size_t product = 1;
  for (const std::size_t size : shape) product *= size;
  return product;
}

NpyArray read_npy(const std::filesystem::path& path) {
  const std::string content = read_bytes(path);
  constexpr std::string_view magic = "\x93NUMPY";
  if (!content.starts_with(magic) || content.size() < 12) {
    throw FileError(path, "is not an .npy file (wrong magic number)");
  }
  const int version = content[6];
  if (version < 1 || version > 3)
    throw FileError(path, fmt::format("unknown .npy version {}", version));
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  std::size_t header_bytes = 0;
  for (std::size_t b = length_bytes; b-- > 0;) {
    header_bytes = header_bytes << 8 | static_cast<unsigned char>(content[8 + b]);
  }
  const std::size_t data_at = 8 + length_bytes + header_bytes;
  if (data_at > content.size()) throw FileError(path, "is truncated (.npy header)");
  constexpr std::size_t max_header_bytes = 4096;  // regular expressions take stack for each
  if (header_bytes > max_header_bytes) throw FileError(path, "its .npy header is too long");
  const std::string header = content.substr(8 + length_bytes, header_bytes);

  const std::string type = match(path, header, "'descr': *'([^']*)'");
  if (match(path, header, "'fortran_order': *(True|False)") == "True") {
    throw FileError(path, "is in Fortran order; save numpy.ascontiguousarray(array)");
  }
  if (type.size() != 3 || (type[0] != '<' && type[0] != '|')) {
    throw FileError(path, fmt::format("number type {} is not supported", type));
  }
  NpyArray array;
  array.type = type.substr(1);
  array.shape = parse_shape(path, match(path, header, "'shape': *\\(([^)]*)\\)"));
  array.bytes = array_bytes(content, data_at, array.shape, size_of_type(path, array.type), path);
  return array;
}

std::vector<double> to_doubles(const NpyArray& array) {
  std::vector<double> values;
  values.reserve(array.elements());
  const std::string& type = array.type;
  if (type == "b1" || type == "u1") append_as<std::uint8_t>(array.bytes, values);
  if (type == "i1") append_as<std::int8_t>(array.bytes, values);
  if (type == "u2") append_as<std::uint16_t>(array.bytes, values);
  if (type == "i2") append_as<std::int16_t>(array.bytes, values);
  if (type == "u4") append_as<std::uint32_t>(array.bytes, values);
  if (type == "i4") append_as<std::int32_t>(array.bytes, values);
  if (type == "u8") append_as<std::uint64_t>(array.bytes, values);
  if (type == "i8") append_as<std::int64_t>(array.bytes, values);
  if (type == "f4") append_as<float>(array.bytes, values);
  if (type == "f8") append_as<double>(array.bytes, values);
  return values;
}

}  // namespace hypnos
