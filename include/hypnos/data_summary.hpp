#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/data_reading.hpp"

namespace hypnos {

/// What is in one half of a data set.
struct HalfSummary {
  std::string images_file;
  std::string labels_file;
  std::vector<std::size_t> shape = {};  ///< of the array of images, samples first
  std::string number_type;              ///< as NumPy calls it
  std::string order = {};               ///< "C" or "Fortran"
  double low = 0;                       ///< of the numbers, before anything is done with them
  double high = 0;
  bool whole = false;  ///< no number has a fraction
  std::uint32_t label_low = 0;
  std::uint32_t label_high = 0;
  std::vector<std::size_t> per_class = {};  ///< samples of each class
  std::size_t samples() const { return shape.front(); }
};

/// What is in a data set, and how it is read.
struct DataSummary {
  std::string name;
  ImageShape shape;
  ValueScale scale = ValueScale::as_is;
  std::uint32_t first_label = 0;
  std::size_t classes = 0;
  std::optional<HalfSummary> train = {};
  std::optional<HalfSummary> test = {};
  std::vector<std::string> ignored = {};  ///< what lies there too, and is not read
};

/// @throws as load()
DataSummary summarize_data(const std::string& name_or_path, const DataReading& reading = {});

}  // namespace hypnos
