#pragma once

#include <map>
#include <string>
#include <vector>

#include "hypnos/error.hpp"
#include "hypnos/model_file.hpp"
#include "network/element_type.hpp"
#include "network/safetensors.hpp"
#include "support/files.hpp"

namespace hypnos::test {

/// A tensor of equal values.
inline StoredTensor tensor(const std::string& name, std::vector<std::uint64_t> shape,
                           float value = 1, const std::string& type = "F32") {
  std::size_t elements = 1;
  for (const auto size : shape) elements *= size;
  return {.name = name,
          .type = type,
          .shape = std::move(shape),
          .bytes = to_bytes(type, std::vector<float>(elements, value))};
}

/// A vector.
inline StoredTensor vector_of(const std::string& name, const std::vector<float>& values) {
  return {.name = name, .type = "F32", .shape = {values.size()}, .bytes = to_bytes("F32", values)};
}

/// A counter of PyTorch's.
inline StoredTensor counter(const std::string& name) {
  return {.name = name, .type = "I64", .shape = {}, .bytes = std::string("\7\0\0\0\0\0\0\0", 8)};
}

/// Reads a file with these tensors.
inline Model model_of(const std::vector<StoredTensor>& tensors,
                      const std::map<std::string, std::string>& metadata = {},
                      const Reading& reading = {}) {
  const TemporaryFolder folder;
  safetensors::write(folder / "m", {.tensors = tensors, .metadata = metadata});
  return read_model(folder / "m", reading);
}

/// The error of reading it, without its path; "no error" when there is none.
inline std::string model_error(const std::vector<StoredTensor>& tensors,
                               const std::map<std::string, std::string>& metadata = {},
                               const Reading& reading = {}) {
  try {
    model_of(tensors, metadata, reading);
  } catch (const FileError& error) {
    return error.reason();
  }
  return "no error";
}

}  // namespace hypnos::test
