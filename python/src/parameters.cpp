#include "parameters.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hypnos/presets.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {
namespace {

using hypnos::SleepParameters;

template <typename List, typename Holder>
std::optional<std::vector<double>> list_in(const Holder& holder) {
  const auto* list = std::get_if<List>(&holder);
  return list == nullptr ? std::nullopt : std::optional(list->values);
}

std::optional<double> gain_scale(const SleepParameters& parameters) {
  const auto* scale = std::get_if<hypnos::GainScale>(&parameters.input_gain);
  return scale == nullptr ? std::nullopt : std::optional(scale->value);
}

}  // namespace

void bind_parameters(nb::module_& module) {
  using P = SleepParameters;
  nb::class_<P>(module, "Parameters")
      .def(nb::init<>())
      .def_ro("source", &P::source)
      .def_prop_ro("rule", [](const P& p) { return std::string(name_of(p.rule)); })
      .def_ro("steps", &P::steps)
      .def_ro("time_step", &P::time_step)
      .def_ro("max_rate", &P::max_rate)
      .def_ro("patch", &P::patch)
      .def_ro("decay", &P::decay)
      .def_ro("increment", &P::increment)
      .def_ro("decrement", &P::decrement)
      .def_prop_ro("threshold", [](const P& p) { return list_in<hypnos::Thresholds>(p.firing); })
      .def_prop_ro("target_rate", [](const P& p) { return list_in<hypnos::TargetRates>(p.firing); })
      .def_prop_ro("alpha_scale", &gain_scale)
      .def_prop_ro("alpha", [](const P& p) { return list_in<hypnos::GivenGains>(p.input_gain); })
      .def_ro("dose", &P::dose)
      .def_ro("growth", &P::growth)
      .def_prop_ro("bias", [](const P& p) { return std::string(name_of(p.bias)); })
      .def_ro("inhibition", &P::inhibition)
      .def_ro("output_current", &P::output_current)
      .def("to_toml", [](const P& p) { return to_toml(p); })
      .def(
          "with_setting",
          [](const P& p, const std::string& setting) {
            P changed = p;
            apply_setting(changed, setting);
            return changed;
          },
          "setting"_a)
      .def(
          "after", [](const P& p, std::size_t tasks) { return parameters_after(p, tasks); },
          "tasks"_a)
      .def("check", [](const P& p, std::size_t layers) { validate(p, layers); }, "layers"_a);
  module.def("load_parameters", &hypnos::load_parameters, "file_or_preset"_a);
  module.def(
      "parse_parameters",
      [](const std::string& toml, const std::string& origin) {
        return hypnos::parse_sleep_parameters(toml, origin);
      },
      "toml"_a, "origin"_a);
  module.def("preset_names", [] {
    std::vector<std::string> names;
    for (const hypnos::Preset& preset : hypnos::presets()) names.emplace_back(preset.name);
    return names;
  });
}

}  // namespace sleepreplay
