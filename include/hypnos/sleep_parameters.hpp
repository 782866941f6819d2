#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
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

/// The firing threshold of each layer. In files: threshold.
struct Thresholds {
  std::vector<double> values;
};
/// How often the units of each layer are to fire at first [spikes per unit and step]; the
/// thresholds are found from these rates (thresholds.hpp). In files: target_rate.
struct TargetRates {
  std::vector<double> values;
};

/// The input gain of each layer is its scale factor (input_gains.hpp) times this. In files:
/// alpha_scale.
struct GainScale {
  double value = 1;
};
/// The input gain of each layer. In files: alpha.
struct GivenGains {
  std::vector<double> values;
};

/// All that determines a sleep beside the network, its input and the seed.
/// Values of published and of tuned sets are in presets/.
struct SleepParameters {
  std::string source;            ///< where the values come from; free text
  Rule rule = Rule::tadros2022;  ///< plasticity rule
  std::uint64_t steps = 0;       ///< length of the sleep [time steps]
  double time_step = 0.001;      ///< [s]
  double max_rate = 0;           ///< input rate scale [Hz]
  std::size_t patch = 11;        ///< side of the input patch [pixels]; 0: the whole input
  double decay = 0.999;          ///< of the membrane potential, per step
  double increment = 0;          ///< of weights whose units fire together
  double decrement = 0;          ///< of weights whose target unit fires alone
  /// What makes the layers fire. There is no default.
  std::variant<std::monostate, Thresholds, TargetRates> firing;
  /// How strongly spikes drive the layer above. The default is a GainScale of 1 where target rates
  /// are given; given thresholds have no default, because they mean nothing without a scale.
  std::variant<std::monostate, GainScale, GivenGains> input_gain;
  /// Part of the way that the weights go from their values before the sleep to those after it.
  double dose = 1;
  /// Of a sequence of sleeps, one after each task: sleep k is 1 + growth * (k - 1) times as long as
  /// the first. A sleep alone does not know it.
  double growth = 0;
  BiasMode bias = BiasMode::none;  ///< what biases do
  double inhibition = 0;      ///< times the mean input of the layer, subtracted from each unit's
  double output_current = 0;  ///< into each output unit, per step
};

/// Checks the values, and that each list has one value per layer.
/// @throws ParameterError naming the parameter.
void validate(const SleepParameters& parameters, std::size_t layers);

/// Reads a parameter file: TOML with the keys source, rule, steps, time_step, max_rate, patch,
/// decay, increment, decrement, threshold or target_rate, alpha_scale or alpha, dose, growth, bias,
/// inhibition and output_current. A table [tuned], which says how a search found the values, is
/// passed over.
/// @throws FileError when it is missing, not TOML, or has an unknown key or a wrong value.
SleepParameters read_sleep_parameters(const std::filesystem::path& path);

/// The same, from text; `origin` is named in errors.
SleepParameters parse_sleep_parameters(std::string_view toml, const std::string& origin);

/// Changes one parameter by a "key=value" whose value is written as in TOML. A threshold takes the
/// place of a target_rate, an alpha that of an alpha_scale, and the other way round.
/// @throws InputError when the key is not known or the value does not fit.
void apply_setting(SleepParameters& parameters, const std::string& setting);

/// The parameters as the text of a parameter file.
std::string to_toml(const SleepParameters& parameters);

/// The parameters of the sleep after so many tasks, as a sleep alone has them.
SleepParameters parameters_after(SleepParameters parameters, std::size_t tasks);

}  // namespace hypnos
