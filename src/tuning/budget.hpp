#pragma once

#include <cstddef>
#include <cstdint>

#include "hypnos/tuning.hpp"

namespace hypnos {

// Finalists sleep under so many times the noise seeds of other candidates.
constexpr std::uint64_t final_noise_factor = 2;

// How the budget is spent, in candidates.
struct Shares {
  std::uint64_t searched = 0;
  std::uint64_t finalists = 0;  // tried again
  std::uint64_t all() const { return searched + finalists * final_noise_factor; }
};

/// @throws ParameterError when the budget, the noise seeds or the doses cannot be.
Shares share(const TuningOptions& options, std::size_t subjects);

}  // namespace hypnos
