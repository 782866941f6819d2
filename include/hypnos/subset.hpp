#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hypnos/dataset.hpp"

namespace hypnos {

/// Which part of a training set to use. It is all of it unless something is chosen.
struct Subset {
  std::optional<double> fraction = {};  ///< in (0, 1]: this part of all samples, drawn at random
  std::optional<std::size_t> per_class = {};  ///< or this many of each class
  std::map<std::uint32_t, double> keep = {};  ///< then, of each class named here, only this part
  std::uint64_t seed = 1;

  bool operator==(const Subset&) const = default;
};

/// The chosen samples, in ascending order. One seed gives one order of all samples, from which
/// each choice takes the first: a smaller fraction is part of a larger one.
/// @throws ParameterError when a value is out of range, a class is unknown or has too few samples,
///   or nothing is left.
std::vector<std::uint32_t> draw(const Subset& subset, const Dataset& data);

/// All that drawing needs to know of a data set.
struct LabelView {
  std::span<const std::uint32_t> labels;
  std::size_t classes = 0;
  std::string name = {};  ///< for messages

  std::size_t size() const { return labels.size(); }
};
std::vector<std::uint32_t> draw(const Subset& subset, const LabelView& data);

}  // namespace hypnos
