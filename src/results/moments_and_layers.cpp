#include "results/moments_and_layers.hpp"

#include <fmt/format.h>

#include <limits>

#include "hypnos/outcome.hpp"

namespace hypnos {

Place place_in(Rows& rows, std::size_t layers) {
  const std::string moment = rows.text("moment");
  if (moment != before_sleep && moment != after_sleep) {
    rows.fail(fmt::format("\"{}\" is no moment of a sleep", moment));
  }
  const std::uint64_t layer = rows.count("layer");
  if (layer == 0 || layer > layers) rows.fail(fmt::format("there is no layer {}", layer));
  return {.after = moment == after_sleep, .layer = layer - 1};
}

double number_or_nan(Rows& rows, const char* column) {
  return rows.number_or_null(column).value_or(std::numeric_limits<double>::quiet_NaN());
}

void RowCounts::check_one_each(const Rows& rows) const {
  std::size_t found = 0;
  std::size_t places = 0;
  for (const auto& of_moment : counts_) {
    for (const std::size_t count : of_moment) {
      found += count;
      ++places;
    }
  }
  if (found != 0 && found != places) {
    rows.fail(fmt::format("{} rows where {} are due", found, places));
  }
}

}  // namespace hypnos
