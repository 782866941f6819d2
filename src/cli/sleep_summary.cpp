#include "cli/sleep_summary.hpp"

#include <fmt/format.h>

#include <vector>

namespace hypnos::cli {
namespace {

std::string layer_name(std::size_t layer, std::size_t layers) {
  if (layer == 0) return "input";
  return layer == layers ? "output" : fmt::format("hidden {}", layer);
}

}  // namespace

Lines describe(const SleepReport& report, const SleepParameters& parameters,
               const Network& network) {
  const std::size_t layers = network.layers.size();
  std::vector<std::vector<std::string>> rows = {{"layer", "units", "spikes", "per unit and step"}};
  std::string notes;
  for (std::size_t l = 0; l <= layers; ++l) {
    const std::size_t units = l == 0 ? network.inputs() : network.layers[l - 1].outputs;
    rows.push_back({layer_name(l, layers), std::to_string(units), std::to_string(report.spikes(l)),
                    fmt::format("{:.3g}", report.rate(l))});
    if (report.silent(l)) {
      notes +=
          fmt::format("note: {} stayed silent{}\n", layer_name(l, layers),
                      l == 0 ? ": nothing was changed" : ": its incoming weights did not change");
    } else if (l > 0 && report.saturated(l)) {
      notes += fmt::format("warning: {} fired all the time; raise its threshold, or lower alpha\n",
                           layer_name(l, layers));
    }
  }
  for (std::size_t l = 0; l < report.calibrated_rates.size(); ++l) {
    const double target = std::get<TargetRates>(parameters.firing).values[l];
    if (report.calibrated_rates[l] < target) {
      notes +=
          fmt::format("note: {} cannot fire {:.3g} times per unit and step; it began with {:.3g}\n",
                      layer_name(l + 1, layers), target, report.calibrated_rates[l]);
    }
  }
  return {table(rows).text + notes};
}

Json layers_json(const SleepReport& report) {
  Json layers = Json::array();
  for (std::size_t l = 0; l < report.spike_counts.size(); ++l) {
    layers.push_back({{"spikes", report.spikes(l)},
                      {"rate", report.rate(l)},
                      {"silent", report.silent(l)},
                      {"saturated", report.saturated(l)}});
  }
  return layers;
}

}  // namespace hypnos::cli
