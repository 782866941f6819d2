#include "report/recording_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>
#include <sstream>

#include "hypnos/error.hpp"
#include "report/rounded.hpp"

namespace hypnos {
namespace {

constexpr std::uint64_t rate_bins = 100;
constexpr std::size_t raster_spikes = 3000;  // of a layer, about
constexpr std::size_t raster_units = 100;    // of a layer, at most
constexpr std::size_t fewest_units = 10;
constexpr std::size_t pictures = 4;  // of single steps
constexpr std::uint32_t most_layers = 1000;
constexpr std::uint32_t most_units = 10'000'000;

#pragma pack(push, 1)
struct Spike {
  std::uint64_t step;
  std::uint32_t layer;
  std::uint32_t unit;
};
struct State {
  std::uint64_t step;
  std::uint32_t layer;
  float membrane_mean, membrane_max;
  float weight_mean, weight_deviation, weight_min, weight_max, weight_positive;
};
#pragma pack(pop)

// Shows the records of an .npy file one by one.
template <typename Record>
void for_each(const std::filesystem::path& path, const std::string& first_fields,
              const std::function<void(const Record&)>& look) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw FileError(path, "cannot be read");
  unsigned char prefix[10];
  file.read(reinterpret_cast<char*>(prefix), sizeof prefix);
  std::string header(file ? prefix[8] + 256U * prefix[9] : 0U, ' ');
  file.read(header.data(), static_cast<std::streamsize>(header.size()));
  if (!file || std::memcmp(prefix, "\x93NUMPY\x01", 7) != 0 ||
      header.find(first_fields) == std::string::npos) {
    throw FileError(path, "is not a recording; give a file of hypnos sleep --record");
  }
  std::vector<Record> some(4096);
  while (file) {
    file.read(reinterpret_cast<char*>(some.data()),
              static_cast<std::streamsize>(some.size() * sizeof(Record)));
    const auto count = static_cast<std::size_t>(file.gcount()) / sizeof(Record);
    for (std::size_t i = 0; i < count; ++i) look(some[i]);
  }
}

void for_each_spike(const Recording& recording, const std::function<void(const Spike&)>& look) {
  for_each<Spike>(recording.spikes, "('step', '<u8'), ('layer', '<u4'), ('unit', '<u4')", look);
}

// What one look at all spikes counts.
struct Counts {
  std::uint64_t steps = 0;
  std::vector<std::vector<std::uint64_t>> spikes;  // [layers + 1][units]
};

Counts count_spikes(const Recording& recording) {
  Counts counts{.steps = recording.steps, .spikes = {}};
  for (const std::uint64_t units : recording.units) counts.spikes.emplace_back(units);
  for_each_spike(recording, [&](const Spike& spike) {
    if (spike.layer >= most_layers || spike.unit >= most_units) {
      throw FileError(recording.spikes, "is damaged");
    }
    counts.steps = std::max(counts.steps, spike.step + 1);
    if (spike.layer >= counts.spikes.size()) counts.spikes.resize(spike.layer + 1);
    auto& layer = counts.spikes[spike.layer];
    if (spike.unit >= layer.size()) layer.resize(spike.unit + 1);
    ++layer[spike.unit];
  });
  return counts;
}

// Which units a raster shows: evenly from those that fired, so many that their spikes can be told
// apart, over all of the sleep or, where even few fire too often, its beginning.
struct Raster {
  std::vector<std::uint32_t> units;
  std::size_t fired = 0;          // units that did
  std::uint64_t until = 0;        // step
  std::vector<std::int32_t> row;  // of each unit; -1: not shown
  Json step = Json::array();
  Json shown = Json::array();  // row of each spike
};

Raster plan_raster(const std::vector<std::uint64_t>& spikes, std::uint64_t steps) {
  Raster raster{.units = {}, .until = steps, .row = std::vector<std::int32_t>(spikes.size(), -1)};
  std::vector<std::uint32_t> fired;
  std::uint64_t total = 0;
  for (std::uint32_t unit = 0; unit < spikes.size(); ++unit) {
    if (spikes[unit] == 0) continue;
    fired.push_back(unit);
    total += spikes[unit];
  }
  raster.fired = fired.size();
  if (fired.empty()) return raster;
  const double mean = static_cast<double>(total) / static_cast<double>(fired.size());
  const auto fitting = static_cast<std::size_t>(static_cast<double>(raster_spikes) / mean);
  const std::size_t count = std::min({fired.size(), raster_units, std::max(fitting, fewest_units)});
  raster.units.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t unit = fired[i * fired.size() / count];
    raster.row[unit] = static_cast<std::int32_t>(i);
    raster.units.push_back(unit);
  }
  const double expected = mean * static_cast<double>(count) / static_cast<double>(raster_spikes);
  if (expected > 2) {
    raster.until = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(static_cast<double>(steps) / expected));
  }
  return raster;
}

// The input's rates as a picture, and a few single steps of it.
struct Picture {
  std::size_t rows = 0;
  std::size_t columns = 0;
  struct Moment {
    std::uint64_t from = 0;  // the first step from here on in which something fires
    std::uint64_t step = 0;
    std::vector<std::uint32_t> units = {};
  };
  std::vector<Moment> moments;

  void look(const Spike& spike) {
    for (Moment& moment : moments) {
      if (spike.step < moment.from || (!moment.units.empty() && spike.step != moment.step))
        continue;
      moment.step = spike.step;
      moment.units.push_back(spike.unit);
    }
  }
};

Picture plan_picture(const Recording& recording, std::size_t inputs, std::uint64_t steps) {
  Picture picture{.rows = recording.rows, .columns = recording.columns, .moments = {}};
  if (picture.rows * picture.columns < inputs || picture.rows < 2) {
    picture.rows = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(inputs))));
    picture.columns = picture.rows;
  }
  for (std::size_t i = 0; i < pictures; ++i) {
    picture.moments.push_back({.from = steps * (2 * i + 1) / (2 * pictures)});
  }
  return picture;
}

Json to_json(const Picture& picture, const std::vector<std::uint64_t>& spikes,
             std::uint64_t steps) {
  Json json = {{"rows", picture.rows}, {"columns", picture.columns}, {"rates", Json::array()}};
  for (const std::uint64_t count : spikes) {
    json["rates"].push_back(rounded(static_cast<double>(count) / static_cast<double>(steps)));
  }
  json["moments"] = Json::array();
  for (const auto& moment : picture.moments) {
    if (moment.units.empty()) continue;
    json["moments"].push_back({{"step", moment.step}, {"units", moment.units}});
  }
  return json;
}

Json states_of(const Recording& recording) {
  Json states = Json::array();
  std::filesystem::path path = recording.spikes;
  path.replace_extension(".state.npy");
  if (!std::filesystem::exists(path)) return states;
  for_each<State>(path, "('step', '<u8'), ('layer', '<u4'), ('membrane_mean', '<f4')",
                  [&](const State& s) {
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
    throw FileError(path, "is not a trace; give a file of hypnos sleep --trace");
  }
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::uint64_t step = 0;
    char comma = 0;
    double accuracy = 0;
    if (!(cells >> step >> comma >> accuracy)) throw FileError(path, "is damaged: " + line);
    trace.push_back({{"step", step}, {"accuracy", rounded(accuracy)}});
  }
  return trace;
}

}  // namespace

Json recording_data(const Recording& recording) {
  const Counts counts = count_spikes(recording);
  const std::uint64_t bin_steps =
      std::max<std::uint64_t>(1, (counts.steps + rate_bins - 1) / rate_bins);
  std::vector<Raster> rasters;
  std::vector<std::vector<std::uint64_t>> bins;
  rasters.reserve(counts.spikes.size());
  for (const auto& spikes : counts.spikes) {
    rasters.push_back(plan_raster(spikes, counts.steps));
    bins.emplace_back((counts.steps + bin_steps - 1) / bin_steps);
  }
  Picture picture =
      plan_picture(recording, counts.spikes.empty() ? 0 : counts.spikes[0].size(), counts.steps);
  for_each_spike(recording, [&](const Spike& spike) {
    ++bins[spike.layer][spike.step / bin_steps];
    if (spike.layer == 0) picture.look(spike);
    Raster& raster = rasters[spike.layer];
    const std::int32_t row = raster.row[spike.unit];
    if (row < 0 || spike.step >= raster.until) return;
    raster.step.push_back(spike.step);
    raster.shown.push_back(row);
  });

  Json json = {{"steps", counts.steps}, {"bin_steps", bin_steps}, {"layers", Json::array()}};
  for (std::size_t l = 0; l < rasters.size(); ++l) {
    const auto units = static_cast<double>(counts.spikes[l].size());
    Json rates = Json::array();
    for (std::size_t b = 0; b < bins[l].size(); ++b) {
      const std::uint64_t width = std::min(bin_steps, counts.steps - b * bin_steps);
      rates.push_back(
          rounded(static_cast<double>(bins[l][b]) / (units * static_cast<double>(width))));
    }
    json["layers"].push_back({{"units", counts.spikes[l].size()},
                              {"fired", rasters[l].fired},
                              {"rates", rates},
                              {"raster_units", rasters[l].units},
                              {"raster_until", rasters[l].until},
                              {"raster_steps", rasters[l].step},
                              {"raster_rows", rasters[l].shown}});
  }
  if (!counts.spikes.empty()) json["input"] = to_json(picture, counts.spikes[0], counts.steps);
  json["states"] = states_of(recording);
  json["trace"] = trace_of(recording.trace);
  return json;
}

}  // namespace hypnos
