#pragma once

// The safetensors format: a little-endian u64 with the length of a JSON header, the header, and
// the tensors' bytes, row-major and little-endian, without holes or overlaps.
// https://github.com/huggingface/safetensors

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hypnos::safetensors {

struct Tensor {
  std::string name;
  std::string type;  ///< as the format names it: F32, F16, ...
  std::vector<std::uint64_t> shape;
  std::string bytes;
};

struct File {
  std::vector<Tensor> tensors;  ///< in the order of their bytes
  std::map<std::string, std::string> metadata;
};

/// @throws FileError when the file is not a valid safetensors file.
File read(const std::filesystem::path& path);

/// Tensors are written in the order given.
/// @throws SystemError when the file cannot be written.
void write(const std::filesystem::path& path, const File& file);

}  // namespace hypnos::safetensors
