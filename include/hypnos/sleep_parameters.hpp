#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hypnos/names.hpp"

namespace hypnos {

/// How a synapse's change depends on its weight w: phi(w) of the plasticity rule.
enum class Rule {
  tadros2022,  ///< 2 / (1 + exp(w / 0.001)): the released code of Tadros et al. 2022
  sigmoid,     ///< 1 / (1 + exp(-w)): as printed in the paper
  hebbian,     ///< 1
};
template <>
inline constexpr Name<Rule> names_of<Rule>[] = {
    {Rule::tadros2022, "tadros2022"}, {Rule::sigmoid, "sigmoid"}, {Rule::hebbian, "hebbian"}};

/// What biases do during sleep.
enum class BiasMode {
  none,     ///< nothing, as in the papers, whose networks have none
  current,  ///< a constant current, in proportion to the mean spikes of the layer below
};
template <>
inline constexpr Name<BiasMode> names_of<BiasMode>[] = {{BiasMode::none, "none"},
                                                        {BiasMode::current, "current"}};

/// All that determines a sleep beside the network, its input and the seed.
/// Values of published and of tuned sets are in presets/.
struct SleepParameters {
  std::string source;             ///< where the values come from; free text
  Rule rule = Rule::tadros2022;   ///< plasticity rule
  std::uint64_t steps = 0;        ///< length of the sleep [time steps]
  double time_step = 0.001;       ///< [s]
  double max_rate = 0;            ///< input rate scale [Hz]
  std::size_t patch = 11;         ///< side of the input patch [pixels]; 0: the whole input
  double decay = 0.999;           ///< of the membrane potential, per step
  double increment = 0;           ///< of weights whose units fire together
  double decrement = 0;           ///< of weights whose target unit fires alone
  std::vector<double> threshold;  ///< firing threshold of each layer; or:
  std::vector<double>
      target_rate;  ///< spikes per unit and step of each layer, see rate_calibration
  double alpha_scale =
      0;  ///< input gain, in units of the scale factors (0, with target_rate: 1); or:
  std::vector<double> alpha;       ///< input gain of each layer, given outright
  BiasMode bias = BiasMode::none;  ///< what biases do
  double inhibition = 0;      ///< times the mean input of the layer, subtracted from each unit's
  double output_current = 0;  ///< into each output unit, per step
};

/// Checks the values, and that there is one threshold or target rate (and alpha, if given) per
/// layer.
/// @throws ParameterError naming the parameter.
void validate(const SleepParameters& parameters, std::size_t layers);

/// Reads a parameter file: TOML whose keys are the names of SleepParameters. A table [tuned], where
/// `hypnos tune` writes how it found them, is passed over.
/// @throws FileError when it is missing, not TOML, or has an unknown key or a wrong value.
SleepParameters read_sleep_parameters(const std::filesystem::path& path);

/// The same, from text; `origin` is named in errors.
SleepParameters parse_sleep_parameters(std::string_view toml, const std::string& origin);

/// Changes one parameter by a "key=value" whose value is written as in TOML.
/// @throws InputError when the key is not known or the value does not fit.
void apply_setting(SleepParameters& parameters, const std::string& setting);

/// The parameters as the text of a parameter file.
std::string to_toml(const SleepParameters& parameters);

}  // namespace hypnos
