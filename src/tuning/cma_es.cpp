#include "tuning/cma_es.hpp"

#include <cmath>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <utility>

namespace hypnos {
namespace {

using Loss = std::function<double(const std::vector<double>&)>;

// As pagmo wants to see it; must be default-constructible.
struct UnitBox {
  const Loss* loss = nullptr;
  std::size_t dimensions = 1;

  pagmo::vector_double fitness(const pagmo::vector_double& position) const {
    return {(*loss)(position)};
  }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    return {pagmo::vector_double(dimensions, 0.0), pagmo::vector_double(dimensions, 1.0)};
  }
};

}  // namespace

std::size_t cma_es_population(std::size_t dimensions) {
  return 4 + static_cast<std::size_t>(3 * std::log(static_cast<double>(dimensions)));
}

void cma_es(const CmaEs& options, const std::vector<double>& start, const Loss& loss) {
  pagmo::population population{pagmo::problem{UnitBox{&loss, start.size()}}, 0, options.seed};
  // The best member is where the search begins; the others only give their number.
  const std::size_t size = cma_es_population(start.size());
  for (std::size_t i = 0; i < size; ++i) population.push_back(start, {0.0});
  constexpr double automatic = -1;
  constexpr double no_tolerance = 0;
  const pagmo::cmaes search(static_cast<unsigned>(options.generations), automatic, automatic,
                            automatic, automatic, options.step_size, no_tolerance, no_tolerance,
                            /*memory=*/false, /*force_bounds=*/true, options.seed);
  search.evolve(std::move(population));
}

}  // namespace hypnos
