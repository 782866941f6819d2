// One sleep (Tadros et al. 2022, Nature Communications 13:7742, and its released code). At each
// step, for l = 1..L in this order:
//   I   = alpha_l * W_l s_(l-1)
//   I  -= inhibition * mean(I)                                   (0 in every published run)
//   v_l = decay * v_l + I  (+ constant current, see below)
//   s_l = [ v_l >= threshold_l ]
//   plasticity on W_l with (s_(l-1), s_l)                        (plasticity.hpp)
//   v_l = 0 where s_l = 1
// There is no refractory period. The work of a step follows its spikes: W_l is read only in the
// columns of units that spiked, and changed only in the rows of units that did.
//
// Constant current: output_current into the output units, and with BiasMode::current
// alpha_l * b_l[i] * r into unit i, where r is the mean number of spikes per unit and step of the
// layer below since sleep began, this step included.

#include "hypnos/sleep.hpp"

#include <fmt/format.h>

#include <cassert>
#include <numeric>

#include "hypnos/error.hpp"
#include "sleep/plasticity.hpp"

namespace hypnos {
namespace {

using Units = std::vector<std::uint32_t>;

class SpikingLayer {
 public:
  SpikingLayer(Layer& layer, const SleepParameters& p, double gain, double threshold,
               double current)
      : layer_(layer),
        rule_(p.rule),
        use_biases_(p.bias == BiasMode::current && !layer.biases.empty()),
        gain_(static_cast<float>(gain)),
        threshold_(static_cast<float>(threshold)),
        current_(static_cast<float>(current)),
        decay_(static_cast<float>(p.decay)),
        increment_(static_cast<float>(p.increment)),
        decrement_(static_cast<float>(p.decrement)),
        inhibition_(static_cast<float>(p.inhibition)),
        membrane_(layer.outputs, 0.0F),
        input_(layer.outputs, 0.0F) {}

  /// One step. `rate_below`: mean spikes per unit and step of the layer below so far.
  void step(const Units& active_below, double rate_below) {
    add_input(active_below, static_cast<float>(rate_below));
    fired_.clear();
    for (std::uint32_t i = 0; i < membrane_.size(); ++i) {
      if (membrane_[i] >= threshold_) {
        fired_.push_back(i);
        membrane_[i] = 0;
      }
    }
    for (const std::uint32_t i : fired_) learn(i, active_below);
  }

  const Units& fired() const { return fired_; }

 private:
  void add_input(const Units& active_below, float rate_below) {
    float sum = 0;
    for (std::size_t i = 0; i < input_.size(); ++i) {
      const float* row = &layer_.weights[i * layer_.inputs];
      float input = 0;
      for (const std::uint32_t j : active_below) input += row[j];
      input_[i] = gain_ * input;
      sum += input_[i];
    }
    const float inhibition = inhibition_ * sum / static_cast<float>(input_.size());
    for (std::size_t i = 0; i < input_.size(); ++i) {
      membrane_[i] = decay_ * membrane_[i] + (input_[i] - inhibition);
    }
    if (use_biases_) {
      for (std::size_t i = 0; i < input_.size(); ++i) {
        membrane_[i] += gain_ * layer_.biases[i] * rate_below;
      }
    }
    if (current_ != 0) {
      for (float& v : membrane_) v += current_;
    }
  }

  void learn(std::uint32_t unit, const Units& active_below) {
    switch (rule_) {
      case Rule::tadros2022:
        return learn_by<Rule::tadros2022>(unit, active_below);
      case Rule::sigmoid:
        return learn_by<Rule::sigmoid>(unit, active_below);
      case Rule::hebbian:
        return learn_by<Rule::hebbian>(unit, active_below);
    }
  }

  template <Rule rule>
  void learn_by(std::uint32_t unit, const Units& active_below) {
    float* row = &layer_.weights[std::size_t{unit} * layer_.inputs];
    // All are weakened in one sweep; those that spiked are then set from what they were.
    before_.clear();
    for (const std::uint32_t j : active_below) before_.push_back(row[j]);
    for (std::size_t j = 0; j < layer_.inputs; ++j) row[j] -= decrement_ * phi<rule>(row[j]);
    for (std::size_t k = 0; k < active_below.size(); ++k) {
      row[active_below[k]] = before_[k] + increment_ * phi<rule>(before_[k]);
    }
  }

  Layer& layer_;
  Rule rule_;
  bool use_biases_;
  float gain_, threshold_, current_, decay_, increment_, decrement_, inhibition_;
  std::vector<float> membrane_;  // v_l
  std::vector<float> input_;     // I
  Units fired_;                  // s_l
  std::vector<float> before_;
};

// Counts a layer's spikes.
class Counter {
 public:
  explicit Counter(std::size_t units) : counts_(units, 0) {}
  void add(const Units& fired) {
    for (const std::uint32_t unit : fired) ++counts_[unit];
    total_ += fired.size();
  }
  double rate(std::uint64_t steps) const {
    return static_cast<double>(total_) /
           (static_cast<double>(counts_.size()) * static_cast<double>(steps));
  }
  const std::vector<std::uint64_t>& counts() const { return counts_; }

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

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
                  const SleepProgress& progress) {
  validate(network);
  validate(parameters, network.layers.size());
  assert(gains.size() == network.layers.size());

  std::vector<SpikingLayer> layers;
  std::vector<Counter> counters = {Counter(network.inputs())};
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const bool is_output = l + 1 == network.layers.size();
    layers.emplace_back(network.layers[l], parameters, gains[l], parameters.threshold[l],
                        is_output ? parameters.output_current : 0.0);
    counters.emplace_back(network.layers[l].outputs);
  }

  constexpr std::uint64_t progress_steps = 64;
  Units input_spikes;
  std::uint64_t step = 0;
  while (step < parameters.steps) {
    if (progress && step % progress_steps == 0 && !progress(step)) break;
    stimulus(step, input_spikes);
    counters[0].add(input_spikes);
    ++step;
    const Units* below = &input_spikes;
    for (std::size_t l = 0; l < layers.size(); ++l) {
      layers[l].step(*below, counters[l].rate(step));
      below = &layers[l].fired();
      counters[l + 1].add(*below);
    }
  }

  SleepReport report{.steps = step};
  for (const Counter& counter : counters) report.spike_counts.push_back(counter.counts());
  return report;
}

}  // namespace hypnos
