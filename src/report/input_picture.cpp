#include "report/input_picture.hpp"

#include <cmath>

#include "report/rounded.hpp"

namespace hypnos {
namespace {

constexpr std::size_t moments = 4;

}  // namespace

InputPicture::InputPicture(std::size_t rows, std::size_t columns,
                           const std::vector<std::uint64_t>& spikes, std::uint64_t steps)
    : rows_(rows), columns_(columns) {
  if (rows_ * columns_ < spikes.size() || rows_ < 2) {
    rows_ = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(spikes.size()))));
    columns_ = rows_;
  }
  rates_.reserve(spikes.size());
  for (const std::uint64_t count : spikes) {
    rates_.push_back(static_cast<double>(count) / static_cast<double>(steps));
  }
  for (std::size_t i = 0; i < moments; ++i) {
    moments_.push_back({.from = steps * (2 * i + 1) / (2 * moments)});
  }
}

void InputPicture::look(std::uint64_t step, std::uint32_t unit) {
  for (Moment& moment : moments_) {
    if (step < moment.from || (!moment.units.empty() && step != moment.step)) continue;
    moment.step = step;
    moment.units.push_back(unit);
  }
}

Json InputPicture::json() const {
  Json json = {{"rows", rows_}, {"columns", columns_}, {"rates", Json::array()}};
  for (const double rate : rates_) json["rates"].push_back(rounded(rate));
  json["moments"] = Json::array();
  for (const Moment& moment : moments_) {
    if (moment.units.empty()) continue;
    json["moments"].push_back({{"step", moment.step}, {"units", moment.units}});
  }
  return json;
}

}  // namespace hypnos
