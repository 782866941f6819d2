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
// A dose other than 1: when the sleep has ended, each weight has gone this part of its way.
//
// Constant current: output_current into the output units, and with BiasMode::current
// alpha_l * b_l[i] * r into unit i, where r is the mean number of spikes per unit and step of the
// layer below since sleep began, this step included.

#include "hypnos/sleep.hpp"

#include <fmt/format.h>

#include <cassert>
#include <numeric>

#include "base/aligned.hpp"
#include "base/denormals_kept.hpp"
#include "hypnos/error.hpp"
#include "hypnos/thresholds.hpp"
#include "sleep/dose.hpp"
#include "sleep/kernels.hpp"
#include "sleep/simulation.hpp"
#include "sleep/step_teller.hpp"
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

  /// Does one step.
  /// @param rate_below mean number of spikes per unit and step of the layer below so far
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

  /// Brings the layer's weights up to date. The sleep can go on afterwards.
  void settle() { synapses_.settle(); }

  /// Brings the potentials up to date and shows them.
  /// @pre settle() was called after the last step
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

// One sleep under way.
class Simulation {
 public:
  /// @param report has the thresholds, and becomes the report of this sleep
  Simulation(Network& network, const SleepParameters& parameters, std::span<const double> gains,
             const Stimulus& stimulus, const SleepObserver& observer,
             std::vector<SynapseMemory>& memory, SleepReport& report)
      : network_(network),
        dose_(parameters.dose),
        before_(dose_ == 1 ? Network() : network),
        steps_(parameters.steps),
        stimulus_(stimulus),
        observer_(observer),
        watch_(observer.hopeless_steps),
        counters_({Counter(network.inputs())}),
        report_(report) {
    const std::size_t count = network.layers.size();
    memory.resize(count);
    layers_.reserve(count);
    for (std::size_t l = 0; l < count; ++l) {
      const bool is_output = l + 1 == count;
      layers_.emplace_back(network.layers[l], parameters, gains[l], report.thresholds[l],
                           is_output ? parameters.output_current : 0.0, memory[l]);
      counters_.emplace_back(network.layers[l].outputs);
    }
  }

  /// Sleeps until the last step, or until whoever looks on ends it. The network and the report are
  /// up to date afterwards, also when the sleep is stopped.
  void run(const Progress& progress) {
    StepTeller teller(progress, steps_);
    try {
      while (report_.steps < steps_ && report_.end == SleepEnd::complete) {
        teller.tell(report_.steps);
        step();
        report_.end = watch_.judge(report_.steps, counters_);
        show_states();
        show_checkpoint();
      }
    } catch (const Stopped&) {
      if (!observer_.drop_when_stopped) finish();
      throw;
    }
    finish();
  }

 private:
  void step() {
    const std::uint64_t step = report_.steps;
    stimulus_(step, input_spikes_);
    ++report_.steps;
    Units below = input_spikes_;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      count(step, l, below);
      below = layers_[l].step(below, counters_[l].rate(report_.steps));
    }
    count(step, layers_.size(), below);
  }

  void count(std::uint64_t step, std::size_t layer, Units fired) {
    counters_[layer].add(fired);
    if (observer_.spikes && !fired.empty()) observer_.spikes(step, layer, fired);
  }

  void show_states() {
    if (!observer_.state || !due(report_.steps, observer_.state_steps)) return;
    settle();
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      observer_.state(report_.steps, layers_[l].state(l + 1));
    }
  }

  void show_checkpoint() {
    if (next_checkpoint_ == observer_.checkpoints.size() ||
        report_.steps != observer_.checkpoints[next_checkpoint_]) {
      return;
    }
    ++next_checkpoint_;
    settle();
    Network dosed;
    if (dose_ != 1) go_part_of_the_way(before_, network_, dose_, dosed = before_);
    if (!observer_.checkpoint(report_.steps, dose_ == 1 ? network_ : dosed)) {
      report_.end = SleepEnd::cut_short;
    }
  }

  void settle() {
    for (SpikingLayer& layer : layers_) layer.settle();
  }

  void finish() {
    settle();
    if (dose_ != 1) go_part_of_the_way(before_, network_, dose_, network_);
    // A sleep that did all its steps is complete, whatever was found at the last one.
    if (report_.steps == steps_) report_.end = SleepEnd::complete;
    for (std::size_t l = 0; l < counters_.size(); ++l) {
      report_.spike_counts[l] = counters_[l].counts();
    }
  }

  Network& network_;
  double dose_;
  Network before_;  // empty where the dose is 1
  std::uint64_t steps_;
  const Stimulus& stimulus_;
  const SleepObserver& observer_;
  HopelessWatch watch_;
  std::vector<SpikingLayer> layers_;
  std::vector<Counter> counters_;  // the input first
  std::vector<std::uint32_t> input_spikes_;
  std::size_t next_checkpoint_ = 0;
  SleepReport& report_;
};

SleepReport nothing_slept(const Network& network) {
  SleepReport report;
  report.spike_counts.emplace_back(network.inputs(), 0);
  for (const Layer& layer : network.layers) report.spike_counts.emplace_back(layer.outputs, 0);
  return report;
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
                  const SleepObserver& observer, const Progress& progress) {
  std::vector<SynapseMemory> memory;
  return simulate(network, parameters, gains, stimulus, observer, progress, memory);
}

SleepReport simulate(Network& network, const SleepParameters& parameters,
                     std::span<const double> gains, const Stimulus& stimulus,
                     const SleepObserver& observer, const Progress& progress,
                     std::vector<SynapseMemory>& memory) {
  const DenormalsKept denormals;
  validate(network);
  validate(parameters, network.layers.size());
  assert(gains.size() == network.layers.size());
  SleepReport report = nothing_slept(network);
  try {
    Progress rest = progress;
    if (const auto* given = std::get_if<Thresholds>(&parameters.firing)) {
      report.thresholds = given->values;
    } else {
      // The search for thresholds takes about this part of the time.
      constexpr double search_part = 0.2;
      rest = progress.stretch(search_part, 1);
      for (const FoundThreshold& layer : find_thresholds(network, parameters, gains, stimulus,
                                                         progress.stretch(0, search_part))) {
        report.thresholds.push_back(layer.threshold);
        report.calibrated_rates.push_back(layer.rate);
      }
    }
    Simulation(network, parameters, gains, stimulus, observer, memory, report).run(rest);
  } catch (const Stopped&) {
    report.end = SleepEnd::cut_short;
    throw SleepStopped(std::move(report));
  }
  return report;
}

}  // namespace hypnos
