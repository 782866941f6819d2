#pragma once

// The safetensors format: a little-endian u64 with the length of a JSON header, the header, and
// the tensors' bytes, row-major and little-endian, without holes or overlaps.
// https://github.com/huggingface/safetensors

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hypnos/stored_tensor.hpp"

namespace hypnos::safetensors {

using Tensor = StoredTensor;

struct File {
  std::vector<Tensor> tensors;  ///< in the order of their bytes
  std::map<std::string, std::string> metadata;
};

/// Bytes per element of a number type of the format; nothing for types that it does not have.
std::optional<std::size_t> bytes_per_element(std::string_view type);

/// Whether the tensors stand as the safetensors package writes them: wide number types first, and
/// by name among those of one type. Such an order says nothing about the network.
bool is_in_order_of_package(const std::vector<const Tensor*>& tensors);

/// @throws FileError when the file is not a valid safetensors file.
File read(const std::filesystem::path& path);

/// Tensors are written in the order given, but for wide number types, which come first: so each
/// begins at a multiple of its size, as PyTorch needs it.
/// @throws SystemError when the file cannot be written.
void write(const std::filesystem::path& path, const File& file);

}  // namespace hypnos::safetensors
