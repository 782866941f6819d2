// One sleep (Tadros et al. 2022, Nature Communications 13:7742, and its released code). At each
// step, for l = 1..L in this order:
//   I   = alpha_l * W_l s_(l-1)
//   I  -= inhibition * mean(I)                                   (0 in every published run)
//   v_l = decay * v_l + I  (+ constant current, see below)
//   s_l = [ v_l >= threshold_l ]
//   plasticity on W_l with (s_(l-1), s_l)                        (plasticity.hpp)
//   v_l = 0 where s_l = 1
// There is no refractory period. The work of a step follows its spikes (synapses.hpp).
//
// Constant current: output_current into the output units, and with BiasMode::current
// alpha_l * b_l[i] * r into unit i, where r is the mean number of spikes per unit and step of the
// layer below since sleep began, this step included.

#include "hypnos/sleep.hpp"

#include <fmt/format.h>

#include <cassert>
#include <numeric>

#include "hypnos/error.hpp"
#include "hypnos/rate_calibration.hpp"
#include "sleep/aligned.hpp"
#include "sleep/kernels.hpp"
#include "sleep/simulation.hpp"
#include "sleep/synapses.hpp"

namespace hypnos {
namespace {

using Units = std::span<const std::uint32_t>;

class SpikingLayer {
 public:
  SpikingLayer(Layer& layer, const SleepParameters& p, double gain, double threshold,
               double output_current, SynapseMemory& memory)
      : layer_(layer),
        use_biases_(p.bias == BiasMode::current && !layer.biases.empty()),
        inhibition_(static_cast<float>(p.inhibition)),
        output_current_(static_cast<float>(output_current)),
        integration_{.decay = static_cast<float>(p.decay),
                     .idle_steps = 0,
                     .gain = static_cast<float>(gain),
                     .inhibition = 0,
                     .threshold = static_cast<float>(threshold),
                     .current = nullptr},
        synapses_(layer, p, memory),
        membrane_(kernels::padded(layer.outputs)),
        current_(kernels::padded(layer.outputs)),
        fired_(kernels::padded(layer.outputs) + kernels::padding) {}

  /// One step. `rate_below`: mean spikes per unit and step of the layer below so far.
  /// @return the units that fired, ascending
  Units step(Units active_below, double rate_below) {
    const bool driven = use_biases_ || output_current_ != 0;
    if (active_below.empty() && !driven) {
      // Without input potentials only decay, and no unit can reach its threshold.
      ++integration_.idle_steps;
      return {};
    }
    const float* input = synapses_.read(active_below);
    if (inhibition_ != 0) integration_.inhibition = inhibition_ * mean_input(input);
    if (driven) set_current(static_cast<float>(rate_below));
    const std::size_t count =
        kernels::integrate(integration_, layer_.outputs, membrane_.data(), input, fired_.data());
    integration_.idle_steps = 0;
    const Units fired = Units(fired_).first(count);
    synapses_.learn(fired, active_below);
    return fired;
  }

  /// Brings the layer's weights up to date; the sleep can go on.
  void settle() { synapses_.settle(); }

  /// Brings the potentials up to date and shows them; @pre settled.
  LayerState state(std::size_t number) {
    for (; integration_.idle_steps > 0; --integration_.idle_steps) {
      for (std::size_t i = 0; i < layer_.outputs; ++i) membrane_.data()[i] *= integration_.decay;
    }
    return {
        .layer = number, .membrane = {membrane_.data(), layer_.outputs}, .weights = layer_.weights};
  }

 private:
  float mean_input(const float* input) const {
    float sum = 0;
    for (std::size_t i = 0; i < layer_.outputs; ++i) sum += integration_.gain * input[i];
    return sum / static_cast<float>(layer_.outputs);
  }

  void set_current(float rate_below) {
    for (std::size_t i = 0; i < layer_.outputs; ++i) {
      const float bias = use_biases_ ? integration_.gain * layer_.biases[i] * rate_below : 0.0F;
      current_.data()[i] = bias + output_current_;
    }
    integration_.current = current_.data();
  }

  const Layer& layer_;
  bool use_biases_;
  float inhibition_;
  float output_current_;
  kernels::Integration integration_;
  Synapses synapses_;
  AlignedFloats membrane_;  // v_l
  AlignedFloats current_;
  std::vector<std::uint32_t> fired_;
};

// Counts a layer's spikes.
class Counter {
 public:
  explicit Counter(std::size_t units) : counts_(units, 0) {}
  void add(Units fired) {
    for (const std::uint32_t unit : fired) ++counts_[unit];
    total_ += fired.size();
  }
  double rate(std::uint64_t steps) const {
    return static_cast<double>(total_) /
           (static_cast<double>(counts_.size()) * static_cast<double>(steps));
  }
  const std::vector<std::uint64_t>& counts() const { return counts_; }
  std::uint64_t total() const { return total_; }

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

// Looks for layers that never fire, or always, over a window of steps.
class HopelessWatch {
 public:
  explicit HopelessWatch(std::uint64_t window) : window_(window) {}

  /// @param counters of all layers, the input first; only hidden layers are judged
  SleepEnd judge(std::uint64_t step, const std::vector<Counter>& counters) {
    if (window_ == 0 || step % window_ != 0) return SleepEnd::complete;
    before_.resize(counters.size(), 0);
    SleepEnd verdict = SleepEnd::complete;
    for (std::size_t l = 1; l + 1 < counters.size(); ++l) {
      const std::uint64_t fired = counters[l].total() - before_[l];
      before_[l] = counters[l].total();
      const double always =
          static_cast<double>(counters[l].counts().size()) * static_cast<double>(window_);
      if (fired == 0) verdict = SleepEnd::silent;
      if (static_cast<double>(fired) >= 0.9 * always) verdict = SleepEnd::saturated;
    }
    return verdict;
  }

 private:
  std::uint64_t window_;
  std::vector<std::uint64_t> before_;
};

bool due(std::uint64_t step, std::uint64_t every) {
  return every != 0 && step % every == 0;
}

}  // namespace

std::uint64_t SleepReport::spikes(std::size_t layer) const {
  return std::accumulate(spike_counts[layer].begin(), spike_counts[layer].end(), std::uint64_t{0});
}

double SleepReport::rate(std::size_t layer) const {
  if (steps == 0) return 0;
  return static_cast<double>(spikes(layer)) /
         (static_cast<double>(spike_counts[layer].size()) * static_cast<double>(steps));
}

SleepReport sleep(Network& network, const SleepParameters& parameters,
                  std::span<const double> gains, const Stimulus& stimulus,
                  const SleepObserver& observer) {
  std::vector<SynapseMemory> memory;
  return simulate(network, parameters, gains, stimulus, observer, memory);
}

SleepReport simulate(Network& network, const SleepParameters& parameters,
                     std::span<const double> gains, const Stimulus& stimulus,
                     const SleepObserver& observer, std::vector<SynapseMemory>& memory) {
  validate(network);
  validate(parameters, network.layers.size());
  assert(gains.size() == network.layers.size());

  SleepReport report;
  report.thresholds = parameters.threshold;
  if (!parameters.target_rate.empty()) {
    for (const CalibratedLayer& layer : find_thresholds(network, parameters, gains, stimulus)) {
      report.thresholds.push_back(layer.threshold);
      report.calibrated_rates.push_back(layer.rate);
    }
  }

  memory.resize(network.layers.size());
  std::vector<SpikingLayer> layers;
  layers.reserve(network.layers.size());
  std::vector<Counter> counters = {Counter(network.inputs())};
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const bool is_output = l + 1 == network.layers.size();
    layers.emplace_back(network.layers[l], parameters, gains[l], report.thresholds[l],
                        is_output ? parameters.output_current : 0.0, memory[l]);
    counters.emplace_back(network.layers[l].outputs);
  }

  const auto settle = [&layers] {
    for (SpikingLayer& layer : layers) layer.settle();
  };
  const auto show = [&observer](std::uint64_t at, std::size_t layer, Units fired) {
    if (observer.spikes && !fired.empty()) observer.spikes(at, layer, fired);
  };

  constexpr std::uint64_t progress_steps = 64;
  std::vector<std::uint32_t> input_spikes;
  HopelessWatch watch(observer.hopeless_steps);
  std::size_t next_checkpoint = 0;
  while (report.steps < parameters.steps && report.end == SleepEnd::complete) {
    const std::uint64_t step = report.steps;
    if (observer.progress && due(step, progress_steps) && !observer.progress(step)) {
      report.end = SleepEnd::stopped;
      break;
    }
    stimulus(step, input_spikes);
    ++report.steps;
    Units below = input_spikes;
    for (std::size_t l = 0; l < layers.size(); ++l) {
      counters[l].add(below);
      show(step, l, below);
      below = layers[l].step(below, counters[l].rate(report.steps));
    }
    counters.back().add(below);
    show(step, layers.size(), below);

    report.end = watch.judge(report.steps, counters);
    if (observer.state && due(report.steps, observer.state_steps)) {
      settle();
      for (std::size_t l = 0; l < layers.size(); ++l) {
        observer.state(report.steps, layers[l].state(l + 1));
      }
    }
    if (next_checkpoint < observer.checkpoints.size() &&
        report.steps == observer.checkpoints[next_checkpoint]) {
      ++next_checkpoint;
      settle();
      if (!observer.checkpoint(report.steps, network)) report.end = SleepEnd::stopped;
    }
  }
  settle();
  // Judged at the very last step, a whole sleep is complete all the same.
  if (report.steps == parameters.steps) report.end = SleepEnd::complete;
  for (const Counter& counter : counters) report.spike_counts.push_back(counter.counts());
  return report;
}

}  // namespace hypnos
