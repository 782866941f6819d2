#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hypnos/data_reading.hpp"
#include "hypnos/error.hpp"
#include "hypnos/image_shape.hpp"

namespace hypnos {

/// The two halves of a data set.
enum class Split { train, test };

/// Labeled samples.
struct Dataset {
  std::string name = {};
  ImageShape shape = {};
  std::size_t classes = 0;         ///< of both halves of the data set
  std::vector<float> images = {};  ///< [samples x features], row-major; pixels in [0, 1]
  /// Instead of `images`, where they came as bytes: a quarter of the memory. An image is these
  /// numbers / 255, and then normalized.
  std::vector<std::uint8_t> pixels = {};
  /// Instead of `images`, where the numbers are somebody else's, who keeps them as long as they are
  /// in use.
  std::span<const float> borrowed = {};
  std::vector<std::uint32_t> labels = {};  ///< [samples], each below `classes`
  Normalization normalization = {};        ///< that the images have gone through

  std::size_t size() const { return labels.size(); }

  /// An image, whichever way it is kept.
  /// @param buffer [features]: where it is written if it is not there as single precision
  std::span<const float> image(std::size_t sample, std::span<float> buffer) const;

  /// The images that are there as single precision; empty where they are pixels.
  std::span<const float> numbers() const {
    return borrowed.empty() ? std::span<const float>(images) : borrowed;
  }
};

/// All images, [samples x features], whichever way they are kept.
std::vector<float> images_of(const Dataset& data);

/// The samples with the given indices, in their order.
Dataset select(const Dataset& data, std::span<const std::uint32_t> indices);

/// The means and deviations of the images: of each channel, or of each feature of a table.
/// Deviations of 0 count as 1.
Normalization measure_normalization(const Dataset& data);

/// Normalizes images that are not normalized yet.
/// @pre the means are known
/// @throws ParameterError when there are neither one mean, nor one of each channel or feature.
void normalize(Dataset& data, const Normalization& normalization);

/// Sums of images that do not have to be there at the same time.
struct ImageSums {
  std::vector<double> sums = {};  ///< [features]; empty: of none
  std::uint64_t samples = 0;
};
/// @pre they have as many features as those before
void add(ImageSums& sums, const Dataset& data);

/// Mean of the images as they were before they were normalized, [features].
std::vector<float> mean_image(const Dataset& data);
std::vector<float> mean_image(const ImageSums& sums, const ImageShape& shape,
                              const Normalization& normalization);

/// A data set has training samples alone.
class NoTestHalfError : public FileError {
 public:
  explicit NoTestHalfError(const std::filesystem::path& file)
      : FileError(file, "has no test half") {}
};

/// Noise in the shape of the mean image would be silent.
class SilentNoiseError : public InputError {
 public:
  explicit SilentNoiseError(const std::string& data);
};

/// The mean image, as the shape of the noise that drives a sleep.
/// @throws SilentNoiseError when it is not above 0 anywhere, as far as so many samples can tell:
/// the
///   images were normalized by somebody else.
std::vector<float> noise_shape(const Dataset& data);

}  // namespace hypnos
