// Tiny networks and parameters from arbitrary bytes: the engine must equal the dense oracle to the
// bit, or both must refuse.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "hypnos/error.hpp"
#include "hypnos/sleep.hpp"
#include "reference/dense_sleep.hpp"

namespace {

using namespace hypnos;

// Takes values off the front of the bytes; zeros when they are used up.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  /// In [low, high], 256 steps.
  double between(double low, double high) { return low + (high - low) * byte() / 255.0; }
  /// A power of ten times a digit: many magnitudes from two bytes.
  double magnitude() {
    double value = 1 + byte() % 64 / 8.0;
    for (int e = byte() % 12; e > 0; --e) value /= 5;
    return value;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

bool same_bits(const Network& a, const Network& b) {
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    const auto& x = a.layers[l].weights;
    const auto& y = b.layers[l].weights;
    if (std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) != 0) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  SleepParameters p;
  p.rule = static_cast<Rule>(bytes.byte() % 3);
  p.steps = 1 + bytes.byte() % 40;
  p.decay = bytes.byte() % 4 == 0 ? 1.0 : bytes.between(0, 1);
  p.increment = bytes.byte() % 3 == 0 ? 0 : bytes.magnitude() / 8;
  p.decrement = bytes.byte() % 3 == 0 ? 0 : bytes.magnitude() / 8;
  p.inhibition = bytes.byte() % 4 == 0 ? bytes.between(0, 1) : 0;
  p.output_current = bytes.byte() % 4 == 0 ? bytes.between(-0.5, 0.5) : 0;
  p.bias = bytes.byte() % 2 == 0 ? BiasMode::none : BiasMode::current;
  const double density = bytes.between(0, 256);

  Network network;
  const std::size_t depth = 1 + bytes.byte() % 3;
  std::size_t inputs = 1 + bytes.byte() % 24;
  const double scale = bytes.magnitude();
  std::vector<double> gains;
  std::vector<double> thresholds;
  for (std::size_t l = 0; l < depth; ++l) {
    Layer layer{.outputs = 1 + bytes.byte() % 24U, .inputs = inputs};
    layer.weights.resize(layer.outputs * layer.inputs);
    for (float& w : layer.weights) w = static_cast<float>(scale * bytes.between(-1, 1));
    if (bytes.byte() % 2 == 0)
      layer.biases.assign(layer.outputs, static_cast<float>(bytes.between(-1, 1)));
    inputs = layer.outputs;
    network.layers.push_back(std::move(layer));
    gains.push_back(10 * bytes.magnitude());
    thresholds.push_back(bytes.magnitude());
  }
  p.input_gain = GivenGains{gains};
  p.firing = Thresholds{thresholds};
  std::vector<std::uint8_t> spikes(p.steps * network.inputs());
  std::uint32_t noise = bytes.byte();
  for (std::uint8_t& s : spikes) {
    noise = noise * 1664525U + 1013904223U;  // cheap and repeatable
    s = (noise >> 24) < density ? 1 : 0;
  }
  const Stimulus stimulus = given_spikes(spikes, network.inputs());

  Network slept = network;
  Network dense = network;
  const SleepReport report = sleep(slept, p, gains, stimulus);
  const auto counts = test::dense_sleep(dense, p, gains, stimulus);
  if (report.spike_counts != counts || !same_bits(slept, dense)) {
    std::fputs("engine and oracle differ:\n", stderr);
    std::fputs(to_toml(p).c_str(), stderr);
    std::abort();
  }
  return 0;
}
