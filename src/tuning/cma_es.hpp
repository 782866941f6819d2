#pragma once

// CMA-ES (Hansen 2006) as pagmo has it.

#include <cstddef>
#include <functional>
#include <vector>

namespace hypnos {

struct CmaEs {
  std::size_t generations = 1;
  double step_size = 0.2;  ///< first standard deviation, in each coordinate
  unsigned seed = 1;
};

/// Candidates per generation: Hansen's 4 + 3 ln(dimensions).
std::size_t cma_es_population(std::size_t dimensions);

/// Minimizes `loss` over [0, 1]^n from `start` on. What `loss` throws ends the search and is passed
/// on.
void cma_es(const CmaEs& options, const std::vector<double>& start,
            const std::function<double(const std::vector<double>&)>& loss);

}  // namespace hypnos
