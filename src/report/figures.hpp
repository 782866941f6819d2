#pragma once

#include <filesystem>

#include "hypnos/json.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// Draws the page's charts as SVG files, with Node.js and no browser.
/// @return how many files it wrote
/// @throws SystemError when there is no Node.js, or it fails; Stopped.
std::size_t write_figures(const Json& data, const std::filesystem::path& folder,
                          const Progress& progress = {});

}  // namespace hypnos
