#pragma once

// States of sequences as files, so that a sequence can be taken up between its tasks.

#include <filesystem>

#include "hypnos/sequence.hpp"

namespace hypnos {

/// Written in one step. @throws SystemError
void write_state(const std::filesystem::path& path, const SequenceState& state);

/// @throws FileError when it is not such a file
SequenceState read_state(const std::filesystem::path& path);

}  // namespace hypnos
