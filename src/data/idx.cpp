#include "data/idx.hpp"

#include "data/byte_file.hpp"
#include "hypnos/error.hpp"

namespace hypnos {

IdxArray parse_idx(std::string_view content, const std::filesystem::path& path) {
  constexpr char unsigned_byte = 0x08;
  if (content.size() < 4 || content[0] != 0 || content[1] != 0) {
    throw FileError(path, "is not an IDX file (wrong magic number)");
  }
  if (content[2] != unsigned_byte)
    throw FileError(path, "only IDX files of unsigned bytes are read");
  const auto dimensions = static_cast<unsigned char>(content[3]);
  const std::size_t header = 4 + std::size_t{4} * dimensions;
  if (dimensions == 0 || content.size() < header)
    throw FileError(path, "is truncated (IDX header)");

  IdxArray array;
  for (std::size_t d = 0; d < dimensions; ++d) {
    std::size_t size = 0;
    for (std::size_t b = 0; b < 4; ++b) {
      size = size << 8 | static_cast<unsigned char>(content[4 + 4 * d + b]);
    }
    array.shape.push_back(size);
  }
  array.bytes = array_bytes(content, header, array.shape, 1, path);
  return array;
}

}  // namespace hypnos
