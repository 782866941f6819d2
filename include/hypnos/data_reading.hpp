#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/error.hpp"
#include "hypnos/image_shape.hpp"
#include "hypnos/names.hpp"

namespace hypnos {

/// What the numbers of a data file stand for.
enum class ValueScale {
  pixels,  ///< 0 to 255: divided by 255
  as_is,   ///< taken as they are
};
template <>
inline constexpr Name<ValueScale> names_of<ValueScale>[] = {{ValueScale::pixels, "pixels"},
                                                            {ValueScale::as_is, "as-is"}};

/// How inputs are normalized: (x - mean) / deviation, after pixels were divided by 255.
struct Normalization {
  /// Means and deviations are those of the training subset: of each channel of images, of each
  /// column of a table. Once they are known, they stand below.
  bool standardize = false;
  std::vector<double> means = {};       ///< one, one per channel, or one per feature; empty: none
  std::vector<double> deviations = {};  ///< as many

  bool any() const { return standardize || !means.empty(); }
  bool operator==(const Normalization&) const = default;
};

/// What the user says of data whose files can be read in several ways, and of their normalization.
/// What is not set is decided by what is in the files, or refused.
struct DataReading {
  std::optional<Layout> layout = {};
  std::optional<ValueScale> scale = {};
  std::optional<std::uint32_t> first_label = {};  ///< 0 or 1: where class numbers begin
  Normalization normalization = {};

  bool operator==(const DataReading&) const = default;
};

/// A data file can be read in more than one way, and nothing in it says which is meant.
class AmbiguousDataError : public FileError {
 public:
  /// @param choice the member of DataReading that decides: "layout", "range" or "first_label"
  /// @param values those that it may have, as the program writes them
  AmbiguousDataError(const std::filesystem::path& file, const std::string& what_is_ambiguous,
                     std::string choice, std::vector<std::string> values)
      : FileError(file, what_is_ambiguous),
        choice_(std::move(choice)),
        values_(std::move(values)) {}
  const std::string& choice() const { return choice_; }
  const std::vector<std::string>& values() const { return values_; }

 private:
  std::string choice_;
  std::vector<std::string> values_;
};

}  // namespace hypnos
