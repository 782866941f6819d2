#include "sleep/dose.hpp"

namespace hypnos {

void go_part_of_the_way(const Network& before, const Network& after, double dose, Network& way) {
  for (std::size_t l = 0; l < before.layers.size(); ++l) {
    const std::vector<float>& from = before.layers[l].weights;
    const std::vector<float>& to = after.layers[l].weights;
    std::vector<float>& weights = way.layers[l].weights;
    for (std::size_t w = 0; w < from.size(); ++w) {
      weights[w] = static_cast<float>(from[w] + dose * (double{to[w]} - double{from[w]}));
    }
  }
}

}  // namespace hypnos
