#pragma once

// What all targets that fuzz a reader share: the input as a file, and an error that may be.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "hypnos/error.hpp"

namespace hypnos::fuzz {

/// A file in memory with what the fuzzer wants to be read. Its name is one for each process.
inline std::filesystem::path file_with(std::string_view content, const char* ending = "") {
  const std::filesystem::path path = "/dev/shm/hypnos-fuzz-" + std::to_string(::getpid()) + ending;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

/// Reads; an error about the input is as good as a result. All else ends the process.
template <typename Read>
int try_to(const Read& read) {
  try {
    read();
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}

inline std::string_view text_of_input(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace hypnos::fuzz
