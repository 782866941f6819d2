#include "hypnos/subset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

using Indices = std::vector<std::uint32_t>;

std::size_t part_of(double fraction, std::size_t count) {
  return static_cast<std::size_t>(std::llround(fraction * static_cast<double>(count)));
}

Indices first_per_class(const Indices& order, const LabelView& data, std::size_t per_class) {
  std::vector<std::size_t> counts(data.classes, 0);
  Indices chosen;
  for (const std::uint32_t sample : order) {
    if (counts[data.labels[sample]] < per_class) {
      ++counts[data.labels[sample]];
      chosen.push_back(sample);
    }
  }
  for (std::size_t c = 0; c < data.classes; ++c) {
    if (counts[c] < per_class) {
      throw ParameterError("per_class", fmt::format("class {} has only {} samples", c, counts[c]));
    }
  }
  return chosen;
}

Indices thin_out(const Indices& chosen, const LabelView& data,
                 const std::map<std::uint32_t, double>& keep) {
  std::vector<std::size_t> counts(data.classes, 0);
  for (const std::uint32_t sample : chosen) ++counts[data.labels[sample]];
  std::vector<std::size_t> left = counts;
  for (const auto& [label, fraction] : keep) left[label] = part_of(fraction, counts[label]);
  Indices kept;
  for (const std::uint32_t sample : chosen) {
    if (left[data.labels[sample]] > 0) {
      --left[data.labels[sample]];
      kept.push_back(sample);
    }
  }
  return kept;
}

void check(const Subset& subset, const LabelView& data) {
  if (subset.fraction && subset.per_class) {
    throw ParameterError("fraction", "cannot be combined with per_class");
  }
  if (subset.fraction && !(*subset.fraction > 0 && *subset.fraction <= 1)) {
    throw ParameterError("fraction", fmt::format("{} is not in (0, 1]", *subset.fraction));
  }
  for (const auto& [label, fraction] : subset.keep) {
    if (label >= data.classes) {
      throw ParameterError("keep", fmt::format("there is no class {}; classes are 0 to {}", label,
                                               data.classes - 1));
    }
    if (!(fraction >= 0 && fraction <= 1)) {
      throw ParameterError("keep", fmt::format("{} of class {} is not in [0, 1]", fraction, label));
    }
  }
}

}  // namespace

std::vector<std::uint32_t> draw(const Subset& subset, const LabelView& data) {
  check(subset, data);
  Indices chosen(data.size());
  std::iota(chosen.begin(), chosen.end(), 0U);
  RandomSequence random(subset.seed, Purpose::subset);
  shuffle(chosen, random);
  if (subset.fraction) chosen.resize(part_of(*subset.fraction, data.size()));
  if (subset.per_class) chosen = first_per_class(chosen, data, *subset.per_class);
  chosen = thin_out(chosen, data, subset.keep);
  if (chosen.empty()) {
    throw ParameterError(
        "subset", fmt::format("nothing is left of the {} samples of {}", data.size(), data.name));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::vector<std::uint32_t> draw(const Subset& subset, const Dataset& data) {
  return draw(subset, LabelView{.labels = data.labels, .classes = data.classes, .name = data.name});
}

}  // namespace hypnos
