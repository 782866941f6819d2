// Finds thresholds from firing rates. Without plasticity the input current I of a layer does not
// depend on its own threshold, so that it is computed once. For a threshold theta what remains is
//   v = decay * v + I(t);  where v >= theta: one spike, v = 0
// The number of spikes falls as theta rises, and so bisection over log theta finds the threshold.

#include "hypnos/thresholds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <variant>

#include "base/memory.hpp"
#include "sleep/step_teller.hpp"

namespace hypnos {
namespace {

// For each step the units that fire.
using Spikes = std::vector<std::vector<std::uint32_t>>;

// The input of a layer at the steps that have any.
struct Currents {
  std::size_t units = 0;
  std::vector<std::uint64_t> steps;  // ascending
  std::vector<float> values;         // [steps x units]
};

std::vector<float> transposed(const Layer& layer) {
  std::vector<float> columns(layer.weights.size());
  constexpr std::size_t tile = 32;
  for (std::size_t first = 0; first < layer.outputs; first += tile) {
    const std::size_t last = std::min(first + tile, layer.outputs);
    for (std::size_t j = 0; j < layer.inputs; ++j) {
      for (std::size_t i = first; i < last; ++i) {
        columns[j * layer.outputs + i] = layer.weights[i * layer.inputs + j];
      }
    }
  }
  return columns;
}

// Computes what a layer receives from the spikes below it, by the equations on top of sleep.cpp.
Currents currents_of(const Layer& layer, const SleepParameters& p, double gain,
                     double output_current, const Spikes& below, const Progress& progress) {
  require_memory(
      static_cast<double>(layer.outputs) * static_cast<double>(below.size()) * sizeof(float),
      fmt::format("finding the threshold of {} units", layer.outputs));
  const std::vector<float> columns = transposed(layer);
  const bool use_biases = p.bias == BiasMode::current && !layer.biases.empty();
  const bool driven = use_biases || output_current != 0;
  const auto scale = static_cast<float>(gain);
  Currents currents{.units = layer.outputs, .steps = {}, .values = {}};
  // Pages that are not written take no memory; growing would take the numbers twice.
  currents.values.reserve(below.size() * layer.outputs);
  std::size_t spikes_so_far = 0;
  StepTeller teller(progress, below.size(), "finding thresholds: step");
  for (std::size_t step = 0; step < below.size(); ++step) {
    teller.tell(step);
    spikes_so_far += below[step].size();
    if (below[step].empty() && !driven) continue;
    currents.steps.push_back(step);
    currents.values.resize(currents.values.size() + layer.outputs, 0.0F);
    const std::span<float> current = std::span(currents.values).last(layer.outputs);
    for (const std::uint32_t j : below[step]) {
      const float* column = &columns[j * layer.outputs];
      for (std::size_t i = 0; i < layer.outputs; ++i) current[i] += column[i];
    }
    float mean = 0;
    for (float& input : current) {
      input *= scale;
      mean += input / static_cast<float>(layer.outputs);
    }
    const double rate = static_cast<double>(spikes_so_far) /
                        (static_cast<double>(layer.inputs) * static_cast<double>(step + 1));
    for (std::size_t i = 0; i < layer.outputs; ++i) {
      current[i] -= static_cast<float>(p.inhibition) * mean;
      if (use_biases) current[i] += scale * layer.biases[i] * static_cast<float>(rate);
      current[i] += static_cast<float>(output_current);
    }
  }
  return currents;
}

// Runs the layer's potentials and shows them to `look`, at each step with input, before the reset.
template <typename Look>
void integrate(const Currents& currents, double decay, Look look) {
  std::vector<float> membrane(currents.units, 0.0F);
  std::uint64_t previous = 0;
  for (std::size_t s = 0; s < currents.steps.size(); ++s) {
    const std::uint64_t step = currents.steps[s];
    // The factors are multiplied one by one: the power function of a C library does not give the
    // same bits on every machine.
    double decayed = 1;
    for (; previous < step; ++previous) decayed *= decay;
    const auto kept = static_cast<float>(decayed);
    const float* input = &currents.values[s * currents.units];
    for (std::size_t i = 0; i < currents.units; ++i) membrane[i] = kept * membrane[i] + input[i];
    look(step, std::span(membrane));
  }
}

std::uint64_t count_spikes(const Currents& currents, double decay, float threshold) {
  std::uint64_t spikes = 0;
  integrate(currents, decay, [&](std::uint64_t, std::span<float> membrane) {
    std::uint32_t fired = 0;
    for (float& v : membrane) {
      const bool fires = v >= threshold;
      fired += fires ? 1 : 0;
      v = fires ? 0.0F : v;
    }
    spikes += fired;
  });
  return spikes;
}

Spikes spikes_at(const Currents& currents, double decay, float threshold) {
  Spikes spikes(calibration_steps);
  integrate(currents, decay, [&](std::uint64_t step, std::span<float> membrane) {
    for (std::size_t i = 0; i < membrane.size(); ++i) {
      if (membrane[i] < threshold) continue;
      spikes[step].push_back(static_cast<std::uint32_t>(i));
      membrane[i] = 0;
    }
  });
  return spikes;
}

// The largest potential if nothing is ever reset; 0 if none is positive.
float largest_potential(const Currents& currents, double decay) {
  float largest = 0;
  integrate(currents, decay, [&](std::uint64_t, std::span<float> membrane) {
    largest = std::max(largest, *std::max_element(membrane.begin(), membrane.end()));
  });
  return largest;
}

// No potential reaches this.
constexpr float never = 1e30F;

// Parameters may be used for another network than that which they were found for. It may then reach
// a rate only in part; if the part is smaller than this, the sleep would not be the same any more.
constexpr double tolerated_part = 0.5;

FoundThreshold find_threshold(const Currents& currents, double decay, double target,
                              std::size_t layer, const Progress& progress) {
  if (target == 0) return {.threshold = never, .rate = 0};
  const float largest = largest_potential(currents, decay);
  const double all = static_cast<double>(currents.units) * static_cast<double>(calibration_steps);
  const auto wanted = target * all;
  float high = largest * 1.001F;  // no spikes
  float low = largest * 1e-6F;
  const std::uint64_t most = largest > 0 ? count_spikes(currents, decay, low) : 0;
  const double reached = static_cast<double>(most) / all;
  if (static_cast<double>(most) < tolerated_part * wanted) {
    throw RateError(layer, target, reached);
  }
  if (static_cast<double>(most) < wanted) return {.threshold = low, .rate = reached};
  if (wanted < 1) return {.threshold = high, .rate = target};
  constexpr int halvings = 20;  // of log(1e6): to 1e-5 of the threshold
  for (int i = 0; i < halvings; ++i) {
    progress.tell(static_cast<double>(i) / halvings, "finding thresholds");
    const float middle = std::sqrt(low * high);
    const bool too_many = static_cast<double>(count_spikes(currents, decay, middle)) > wanted;
    (too_many ? low : high) = middle;
  }
  return {.threshold = high, .rate = target};
}

}  // namespace

RateError::RateError(std::size_t layer, double target, double highest)
    : ParameterError("target_rate",
                     fmt::format("layer {} cannot fire {:.3g} times per unit and step; with its "
                                 "input it reaches {:.3g} at most",
                                 layer, target, highest)),
      layer_(layer),
      target_(target),
      highest_(highest) {}

std::vector<FoundThreshold> find_thresholds(const Network& network,
                                            const SleepParameters& parameters,
                                            std::span<const double> gains, const Stimulus& stimulus,
                                            const Progress& progress) {
  const std::vector<double>& targets = std::get<TargetRates>(parameters.firing).values;
  assert(targets.size() == network.layers.size());
  Spikes below(calibration_steps);
  for (std::size_t step = 0; step < below.size(); ++step) stimulus(step, below[step]);
  const std::vector<Progress> progress_of = progress.share(network.layers.size());
  std::vector<FoundThreshold> found;
  found.reserve(network.layers.size());
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const bool is_output = l + 1 == network.layers.size();
    const Currents currents = currents_of(network.layers[l], parameters, gains[l],
                                          is_output ? parameters.output_current : 0.0, below,
                                          progress_of[l].stretch(0, 0.5));
    found.push_back(find_threshold(currents, parameters.decay, targets[l], l + 1,
                                   progress_of[l].stretch(0.5, 1)));
    progress_of[l].tell(1, "finding thresholds");
    if (!is_output) {
      below = spikes_at(currents, parameters.decay, static_cast<float>(found[l].threshold));
    }
  }
  return found;
}

}  // namespace hypnos
