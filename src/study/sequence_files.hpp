#pragma once

// States of sequences as files, so that a sequence can be taken up between its tasks.

#include <filesystem>

#include "hypnos/sequence.hpp"

namespace hypnos {

/// Written in one step.
/// @param sequence says which sequence it is: all that determines it
/// @throws SystemError
void write_state(const std::filesystem::path& path, const SequenceState& state,
                 const std::string& sequence);

/// @throws FileError when it is not such a file, or of another sequence
SequenceState read_state(const std::filesystem::path& path, const std::string& sequence);

}  // namespace hypnos
