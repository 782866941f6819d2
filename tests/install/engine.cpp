#include <cstdio>
#include <hypnos/input_gains.hpp>
#include <hypnos/sleep.hpp>
#include <hypnos/sleep_parameters.hpp>
#include <hypnos/stimulus.hpp>
#include <vector>

int main() {
  hypnos::Network network;
  network.layers = {{.outputs = 2, .inputs = 4, .weights = {1, 0, 1, 0, 0, 1, 0, 1}}};
  const auto parameters = hypnos::parse_sleep_parameters(
      "steps = 100\nmax_rate = 100\npatch = 0\nthreshold = [2]\nalpha_scale = 1\nincrement = "
      "0.01\n",
      "user.cpp");
  const std::vector<float> images = {1, 0, 1, 0, 0, 1, 0, 1};
  const auto gains =
      hypnos::input_gains(parameters, network, hypnos::activation_maxima(network, images));
  const std::vector<float> mean = {0.5, 0.5, 0.5, 0.5};
  const auto report =
      hypnos::sleep(network, parameters, gains,
                    hypnos::noise_patches(mean, {.rows = 2, .columns = 2}, parameters, 1));
  std::printf("%zu spikes\n", static_cast<std::size_t>(report.spikes(1)));
  return report.spikes(1) > 0 ? 0 : 1;
}
