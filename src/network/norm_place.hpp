#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "hypnos/batch_norm.hpp"
#include "network/modules.hpp"

namespace hypnos {

/// Where a BatchNorm acts.
struct NormPosition {
  std::size_t layer = 0;
  bool on_input = false;  ///< on what comes into the layer; otherwise on what its units sum up
  bool proven = true;     ///< by numbers in names, or because there is no ReLU beside it; otherwise
                          ///< by its statistics or by what the user said
};

/// Finds the places of BatchNorms among the layers: by numbers in names and by shapes. Whether one
/// stands before or after the ReLU shows by the numbers of nn.Sequential, or by its running mean:
/// one below 0 cannot be that of a ReLU's output.
/// @param layers from the input to the output
/// @param place what the user says; counts where the names do not say it
/// @return one for each of `norms`
/// @throws FileError when one fits nowhere; NormPlaceError when it can stand before or after.
std::vector<NormPosition> place_norms(const std::filesystem::path& path,
                                      const std::vector<LinearModule>& layers,
                                      const std::vector<NormModule>& norms,
                                      std::optional<NormPlace> place);

}  // namespace hypnos
