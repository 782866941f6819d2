#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hypnos/model_file.hpp"
#include "network/modules.hpp"

namespace hypnos {

/// Puts the layers into the order from the input to the output. What is said (`names`) decides;
/// where nothing is said, the shapes, if only one order is a chain; then the numbers in the names;
/// then the order of the file, where it is not that of the names.
/// @param layers in the order of the file
/// @param names from the input to the output, or empty
/// @throws FileError when no order fits; LayerOrderError when several do and nothing decides.
OrderEvidence order_layers(const std::filesystem::path& path, std::vector<LinearModule>& layers,
                           const std::vector<std::string>& names);

}  // namespace hypnos
