#include "report/recording_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "report/input_picture.hpp"
#include "report/raster.hpp"
#include "report/rounded.hpp"

namespace hypnos {
namespace {

constexpr std::uint64_t rate_bins = 100;

// What a recording can have. A file with more is damaged: it would take memory without end.
constexpr std::uint32_t most_layers = 1000;
constexpr std::uint64_t most_units = 4'000'000;  // of all layers
constexpr std::uint64_t most_steps = std::uint64_t{1}
                                     << 53U;  // that the page's numbers can tell apart

// What is counted when all spikes are read for the first time.
struct Counts {
  std::uint64_t steps = 0;
  std::vector<std::vector<std::uint64_t>> spikes;  // [layers + 1][units]
};

Counts count_spikes(const Recording& recording, const Progress& progress) {
  Counts counts{.steps = recording.steps, .spikes = {}};
  std::uint64_t units = 0;
  const auto make_room = [&](std::vector<std::uint64_t>& layer, std::uint64_t size) {
    if (size <= layer.size()) return;
    units += size - layer.size();
    if (units > most_units) {
      throw FileError(recording.spikes,
                      fmt::format("is damaged: it has spikes of more than {} units", most_units));
    }
    layer.resize(size);
  };
  for (const std::uint64_t size : recording.units) make_room(counts.spikes.emplace_back(), size);
  std::uint64_t last = 0;
  for_each_spike(recording.spikes, progress, [&](const SpikeRecord& spike) {
    if (spike.step < last || spike.step >= most_steps) {
      throw FileError(
          recording.spikes,
          fmt::format("is damaged: a spike at step {} follows one at step {}", spike.step, last));
    }
    if (spike.layer >= most_layers) {
      throw FileError(recording.spikes,
                      fmt::format("is damaged: it has a spike of layer {}", spike.layer));
    }
    last = spike.step;
    counts.steps = std::max(counts.steps, spike.step + 1);
    if (spike.layer >= counts.spikes.size()) counts.spikes.resize(spike.layer + 1);
    auto& layer = counts.spikes[spike.layer];
    make_room(layer, std::uint64_t{spike.unit} + 1);
    ++layer[spike.unit];
  });
  return counts;
}

// Somebody may write the file between the first reading and the second.
void check_counted(const Recording& recording, const Counts& counts, const SpikeRecord& spike) {
  if (spike.step < counts.steps && spike.layer < counts.spikes.size() &&
      spike.unit < counts.spikes[spike.layer].size()) {
    return;
  }
  throw FileError(recording.spikes, "has changed while it was read");
}

// How often a layer fired along the sleep.
class RateBins {
 public:
  explicit RateBins(std::uint64_t steps)
      : steps_(steps),
        bin_steps_(std::max<std::uint64_t>(1, (steps + rate_bins - 1) / rate_bins)),
        spikes_((steps + bin_steps_ - 1) / bin_steps_) {}

  std::uint64_t bin_steps() const { return bin_steps_; }
  void look(std::uint64_t step) { ++spikes_[step / bin_steps_]; }

  // Spikes per unit and step.
  Json rates(std::size_t units) const {
    Json rates = Json::array();
    for (std::size_t b = 0; b < spikes_.size(); ++b) {
      const std::uint64_t width = std::min(bin_steps_, steps_ - b * bin_steps_);
      rates.push_back(rounded(static_cast<double>(spikes_[b]) /
                              (static_cast<double>(units) * static_cast<double>(width))));
    }
    return rates;
  }

 private:
  std::uint64_t steps_;
  std::uint64_t bin_steps_;
  std::vector<std::uint64_t> spikes_;
};

// Reads all spikes again, for what the page shows of the layers and the input.
void add_layers(Json& json, const Recording& recording, const Counts& counts,
                const Progress& progress) {
  std::vector<Raster> rasters;
  rasters.reserve(counts.spikes.size());
  for (const auto& spikes : counts.spikes) rasters.emplace_back(spikes, counts.steps);
  std::vector<RateBins> bins(counts.spikes.size(), RateBins(counts.steps));
  InputPicture picture(recording.rows, recording.columns,
                       counts.spikes.empty() ? std::vector<std::uint64_t>() : counts.spikes[0],
                       counts.steps);
  for_each_spike(recording.spikes, progress, [&](const SpikeRecord& spike) {
    check_counted(recording, counts, spike);
    bins[spike.layer].look(spike.step);
    rasters[spike.layer].look(spike.step, spike.unit);
    if (spike.layer == 0) picture.look(spike.step, spike.unit);
  });
  json["bin_steps"] = RateBins(counts.steps).bin_steps();
  json["layers"] = Json::array();
  for (std::size_t l = 0; l < rasters.size(); ++l) {
    const std::size_t units = counts.spikes[l].size();
    Json layer = {{"units", units}, {"rates", bins[l].rates(units)}};
    rasters[l].add_to(layer);
    json["layers"].push_back(std::move(layer));
  }
  if (!counts.spikes.empty()) json["input"] = picture.json();
}

Json states_of(const Recording& recording, const Progress& progress) {
  Json states = Json::array();
  const std::filesystem::path path = state_file(recording.spikes);
  if (!std::filesystem::exists(path)) return states;
  for_each_state(path, progress, [&](const StateRecord& s) {
    if (s.step > most_steps || s.layer > most_layers) {
      throw FileError(
          path, fmt::format("is damaged: it has a state of layer {} at step {}", s.layer, s.step));
    }
    states.push_back({{"step", s.step},
                      {"layer", s.layer},
                      {"mean", rounded(double{s.weight_mean})},
                      {"deviation", rounded(double{s.weight_deviation})},
                      {"low", rounded(double{s.weight_min})},
                      {"high", rounded(double{s.weight_max})},
                      {"positive", rounded(double{s.weight_positive})}});
  });
  return states;
}

Json trace_of(const std::filesystem::path& path) {
  Json trace = Json::array();
  if (path.empty()) return trace;
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line) || line != "step,training_accuracy") {
    throw NotATraceError(path, "is not a trace of a sleep");
  }
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::uint64_t step = 0;
    char comma = 0;
    double accuracy = 0;
    if (!(cells >> step >> comma >> accuracy) || comma != ',' || step > most_steps ||
        accuracy < 0 || accuracy > 1) {
      throw FileError(path, "is damaged: " + line);
    }
    trace.push_back({{"step", step}, {"accuracy", rounded(accuracy)}});
  }
  return trace;
}

}  // namespace

Json recording_data(const Recording& recording, const Progress& progress) {
  const Counts counts = count_spikes(recording, progress.stretch(0, 0.45));
  Json json = {{"steps", counts.steps}};
  add_layers(json, recording, counts, progress.stretch(0.45, 0.9));
  json["states"] = states_of(recording, progress.stretch(0.9, 1));
  json["trace"] = trace_of(recording.trace);
  return json;
}

}  // namespace hypnos
