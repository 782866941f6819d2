#include "report/raster.hpp"

#include <algorithm>

namespace hypnos {
namespace {

constexpr std::size_t most_spikes = 3000;  // a few more are shown
constexpr std::size_t most_units_shown = 100;
constexpr std::size_t fewest_units = 10;

}  // namespace

Raster::Raster(const std::vector<std::uint64_t>& spikes, std::uint64_t steps)
    : until_(steps), row_(spikes.size(), -1) {
  std::vector<std::uint32_t> fired;
  std::uint64_t total = 0;
  for (std::uint32_t unit = 0; unit < spikes.size(); ++unit) {
    if (spikes[unit] == 0) continue;
    fired.push_back(unit);
    total += spikes[unit];
  }
  fired_ = fired.size();
  if (fired.empty()) return;
  const double mean = static_cast<double>(total) / static_cast<double>(fired.size());
  const auto fitting = static_cast<std::size_t>(static_cast<double>(most_spikes) / mean);
  const std::size_t count =
      std::min({fired.size(), most_units_shown, std::max(fitting, fewest_units)});
  units_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t unit = fired[i * fired.size() / count];
    row_[unit] = static_cast<std::int32_t>(i);
    units_.push_back(unit);
  }
  const double expected = mean * static_cast<double>(count) / static_cast<double>(most_spikes);
  if (expected > 2) {
    until_ = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(static_cast<double>(steps) / expected));
  }
}

void Raster::look(std::uint64_t step, std::uint32_t unit) {
  const std::int32_t row = row_[unit];
  if (row < 0 || step >= until_) return;
  spike_steps_.push_back(step);
  spike_rows_.push_back(row);
}

void Raster::add_to(Json& layer) const {
  layer["fired"] = fired_;
  layer["raster_units"] = units_;
  layer["raster_until"] = until_;
  layer["raster_steps"] = spike_steps_;
  layer["raster_rows"] = spike_rows_;
}

}  // namespace hypnos
