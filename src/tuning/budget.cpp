#include "tuning/budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hypnos/error.hpp"

namespace hypnos {

Shares share(const TuningOptions& options, std::size_t subjects) {
  constexpr std::uint64_t fewest = 10;
  constexpr std::uint64_t most_finalists = 5;
  if (options.noise_seeds == 0) throw ParameterError("noise_seeds", "must not be 0");
  if (options.doses.empty()) throw ParameterError("doses", "names none");
  for (const double dose : options.doses) {
    if (!(dose > 0 && std::isfinite(dose))) {
      throw ParameterError("doses", fmt::format("{} is not a positive number", dose));
    }
  }
  const std::uint64_t all = options.budget / (subjects * options.noise_seeds);
  if (all < fewest) {
    throw ParameterError(
        "budget", fmt::format("{} sleeps are {} candidates on {} networks under {} noise seeds; "
                              "at least {} sleeps ({} candidates) are needed",
                              options.budget, all, subjects, options.noise_seeds,
                              fewest * subjects * options.noise_seeds, fewest));
  }
  const std::uint64_t finalists = std::clamp<std::uint64_t>(all / 20, 1, most_finalists);
  return {.searched = all - finalists * final_noise_factor, .finalists = finalists};
}

void check_budget(const TuningOptions& options, std::size_t networks) {
  share(options, networks);
}

}  // namespace hypnos
