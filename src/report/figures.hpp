#pragma once

#include <filesystem>

#include "training/recipe.hpp"

namespace hypnos {

/// Draws the page's charts as SVG files, with Node.js and no browser.
/// @return how many
/// @throws SystemError when there is no Node.js, or it fails.
std::size_t write_figures(const Json& data, const std::filesystem::path& folder);

}  // namespace hypnos
