#pragma once

#include <cstddef>
#include <cstdint>

#include "data/data_half.hpp"
#include "hypnos/data_reading.hpp"

namespace hypnos {

/// What the numbers of the images are.
struct NumberRange {
  double low = 0;
  double high = 0;
  bool whole = true;  ///< no number has a fraction
};

/// How a data set is read: as was chosen, or as its files show.
struct DataFormat {
  ImageShape shape = {};
  ValueScale scale = ValueScale::as_is;
  std::uint32_t first_label = 0;
  std::size_t classes = 0;  ///< of both halves
};

/// @throws FileError naming the sample when the number is NaN, infinite or too large for single
///   precision.
void check_number(const DataHalf& half, std::size_t sample, double number);

/// Looks through all numbers of the images.
/// @throws as check_number()
NumberRange range_of(const DataHalf& half);

/// Decides how both halves are read.
/// @throws AmbiguousDataError; FileError when the halves differ in shape, or labels cannot be.
DataFormat decide_format(const DataFiles& files, const DataReading& reading);

/// The scale that images of this range have. One rule for all types: whole numbers from 0 to 255
/// with rows and columns are pixels, unless none is above 1; all else is taken as it is.
/// @throws AmbiguousDataError where the rule does not reach: whole numbers from 0 to 255 in tables,
///   or in a floating-point type.
ValueScale decide_scale(const DataHalf& half, const NumberRange& range);

/// The shape of the images of an array.
/// @throws AmbiguousDataError when there are four dimensions, and not just one of the second and
/// the
///   last is 1 or 3.
ImageShape decide_shape(const DataHalf& half, const DataReading& reading);

/// Reads samples of a half.
/// @param samples their indices; null: all
/// @throws as check_number(); Stopped.
Dataset read_half(const DataHalf& half, const DataFormat& format,
                  const std::vector<std::uint32_t>* samples = nullptr,
                  const Progress& progress = {});

}  // namespace hypnos
