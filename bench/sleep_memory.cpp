// Peak memory of one sleep, as a multiple of the network's weights: the process's high-water mark
// after the sleep, against the same before the network was made.

#include <sys/resource.h>

#include <cstdio>
#include <random>

#include "hypnos/sleep.hpp"

namespace {

double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

}  // namespace

int main() {
  using namespace hypnos;
  const double before = peak_bytes();
  constexpr std::size_t sizes[] = {4000, 4000, 4000, 10};
  std::minstd_rand engine(1);
  std::uniform_real_distribution<float> weight(-0.01F, 0.02F);
  Network network;
  SleepParameters parameters;
  std::vector<double> thresholds;
  double weights = 0;
  for (std::size_t l = 0; l < 3; ++l) {
    Layer layer{.outputs = sizes[l + 1], .inputs = sizes[l]};
    layer.weights.resize(layer.outputs * layer.inputs);
    for (float& w : layer.weights) w = weight(engine);
    weights += 4.0 * static_cast<double>(layer.weights.size());
    network.layers.push_back(std::move(layer));
    thresholds.push_back(0.005 * 4000);
  }
  // A tenth of all units fires at each step, so that spikes are counted, which takes more memory.
  parameters.steps = 300;
  parameters.increment = parameters.decrement = 1e-7;
  const std::vector<double> gains = {1, 1, 1};
  parameters.input_gain = GivenGains{gains};
  parameters.firing = Thresholds{thresholds};
  parameters.patch = 0;
  parameters.max_rate = 50;
  const std::vector<float> mean(sizes[0], 1.0F);
  const SleepReport report =
      sleep(network, parameters, gains,
            noise_patches(mean, {.rows = 1, .columns = sizes[0]}, parameters, 1));
  std::printf(
      "weights %.0f MB, peak %.0f MB, ratio %.2f (hidden units fired at %.0f%% of the steps)\n",
      weights / 1e6, (peak_bytes() - before) / 1e6, (peak_bytes() - before) / weights,
      100 * report.rate(1));
}
