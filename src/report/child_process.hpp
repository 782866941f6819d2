#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hypnos/progress.hpp"

namespace hypnos {

/// Runs another program and waits for its end.
/// @param arguments the program, which is looked for on PATH, and its arguments
/// @param messages a file for what it writes to its standard error; its output is dropped
/// @param progress is told every 20 ms; a stop kills the program
/// @return whether it ended with status 0; false too where there is no such program
/// @throws Stopped
bool run_program(const std::vector<std::string>& arguments, const std::filesystem::path& messages,
                 const Progress& progress = {});

}  // namespace hypnos
