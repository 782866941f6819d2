// Scale factors carry the awake network over to the spiking one (Diehl et al. 2015; Tadros et al.
// 2022):
//   m_l = max(max(0, max W_l), max over samples and units of max(0, a_l))
//   g_0 = 1,  g_l = m_l / g_(l-1),  f_l = 1 / g_l,  alpha_l = f_l * alpha_scale

#include "hypnos/input_gains.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "hypnos/error.hpp"
#include "hypnos/prediction.hpp"

namespace hypnos {

std::vector<float> activation_maxima(const Network& network, std::span<const float> images) {
  return predict(network, images).maxima;
}

std::vector<double> scale_factors(const Network& network, std::span<const float> maxima) {
  assert(maxima.size() == network.layers.size());
  std::vector<double> factors;
  double previous = 1;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const auto& weights = network.layers[l].weights;
    const float largest =
        std::max({0.0F, *std::max_element(weights.begin(), weights.end()), maxima[l]});
    if (largest == 0) {
      throw InputError(
          fmt::format("layer {} has no positive weight and no positive activation; its "
                      "scale cannot be found (give alpha outright)",
                      l + 1));
    }
    const double applied = double{largest} / previous;
    factors.push_back(1 / applied);
    previous = applied;
  }
  return factors;
}

std::vector<double> input_gains(const SleepParameters& parameters, const Network& network,
                                std::span<const float> maxima) {
  if (const auto* given = std::get_if<GivenGains>(&parameters.input_gain)) return given->values;
  std::vector<double> gains = scale_factors(network, maxima);
  if (const auto* scale = std::get_if<GainScale>(&parameters.input_gain)) {
    for (double& gain : gains) gain *= scale->value;
  }
  return gains;
}

}  // namespace hypnos
