// Inputs are normalized as torchvision and scikit-learn do it: (x - mean) / deviation.

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "data/feature_normalization.hpp"
#include "hypnos/dataset.hpp"

namespace hypnos {
namespace {

std::size_t channel_of(const ImageShape& shape, std::size_t feature) {
  return shape.layout == Layout::channels_first ? feature / (shape.rows * shape.columns)
                                                : feature % shape.channels;
}

// Which of the means is that of a feature.
std::size_t mean_of(const ImageShape& shape, std::size_t means, std::size_t feature) {
  if (means == 1) return 0;
  return means == shape.features() ? feature : channel_of(shape, feature);
}

struct Moments {
  std::vector<double> means;
  std::vector<double> deviations;
  bool negative = false;  // some number is below 0
};

// Of each feature, of the images as they are.
Moments moments_of(const Dataset& data) {
  const std::size_t features = data.shape.features();
  const double samples = std::max<double>(1.0, static_cast<double>(data.size()));
  Moments moments{.means = std::vector<double>(features, 0.0),
                  .deviations = std::vector<double>(features, 0.0)};
  std::vector<float> buffer(features);
  const auto each = [&](const auto& look) {
    for (std::size_t sample = 0; sample < data.size(); ++sample) {
      const auto image = data.image(sample, buffer);
      for (std::size_t j = 0; j < features; ++j) look(j, double{image[j]});
    }
  };
  each([&](std::size_t j, double x) {
    moments.means[j] += x;
    moments.negative = moments.negative || x < 0;
  });
  for (double& mean : moments.means) mean /= samples;
  each([&](std::size_t j, double x) {
    const double difference = x - moments.means[j];
    moments.deviations[j] += difference * difference;
  });
  for (double& deviation : moments.deviations) deviation = std::sqrt(deviation / samples);
  return moments;
}

}  // namespace

Normalization measure_normalization(const Dataset& data) {
  assert(!data.normalization.any());
  const Moments moments = moments_of(data);
  const std::size_t features = data.shape.features();
  const bool table = data.shape.rows == 1;
  const std::size_t groups = table ? features : data.shape.channels;
  const double members = static_cast<double>(features) / static_cast<double>(groups);
  Normalization found{.standardize = true,
                      .means = std::vector<double>(groups, 0.0),
                      .deviations = std::vector<double>(groups, 0.0)};
  for (std::size_t j = 0; j < features; ++j) {
    found.means[mean_of(data.shape, groups, j)] += moments.means[j] / members;
  }
  for (std::size_t j = 0; j < features; ++j) {
    const std::size_t group = mean_of(data.shape, groups, j);
    const double off = moments.means[j] - found.means[group];
    const double spread = moments.deviations[j];
    found.deviations[group] += (spread * spread + off * off) / members;
  }
  for (double& deviation : found.deviations) {
    deviation = deviation > 0 ? std::sqrt(deviation) : 1;
  }
  return found;
}

void normalize(Dataset& data, const Normalization& normalization) {
  assert(!data.normalization.any() && data.borrowed.empty());
  const std::size_t means = normalization.means.size();
  const std::size_t features = data.shape.features();
  if (means != 1 && means != data.shape.channels && means != features) {
    throw ParameterError("normalize", fmt::format("has {} means for images of {} channels; give "
                                                  "one, or one for each channel",
                                                  means, data.shape.channels));
  }
  for (std::size_t first = 0; first < data.images.size(); first += features) {
    normalize_image(std::span(data.images).subspan(first, features), data.shape, normalization);
  }
  data.normalization = normalization;
}

void normalize_image(std::span<float> image, const ImageShape& shape,
                     const Normalization& normalization) {
  for (std::size_t j = 0; j < image.size(); ++j) {
    const std::size_t m = mean_of(shape, normalization.means.size(), j);
    const double x = double{image[j]} - normalization.means[m];
    image[j] = static_cast<float>(x / normalization.deviations[m]);
  }
}

void undo_normalization(std::span<float> image, const ImageShape& shape,
                        const Normalization& normalization) {
  for (std::size_t j = 0; j < image.size(); ++j) {
    const std::size_t m = mean_of(shape, normalization.means.size(), j);
    const double x = double{image[j]} * normalization.deviations[m];
    image[j] = static_cast<float>(x + normalization.means[m]);
  }
}

void add(ImageSums& sums, const Dataset& data) {
  sums.sums.resize(data.shape.features(), 0.0);
  std::vector<float> buffer(sums.sums.size());
  for (std::size_t sample = 0; sample < data.size(); ++sample) {
    const auto image = data.image(sample, buffer);
    for (std::size_t j = 0; j < buffer.size(); ++j) sums.sums[j] += double{image[j]};
  }
  sums.samples += data.size();
}

std::vector<float> mean_image(const Dataset& data) {
  ImageSums sums;
  add(sums, data);
  return mean_image(sums, data.shape, data.normalization);
}

std::vector<float> mean_image(const ImageSums& sums, const ImageShape& shape,
                              const Normalization& normalization) {
  const double samples = std::max<double>(1.0, static_cast<double>(sums.samples));
  std::vector<float> mean(sums.sums.size());
  for (std::size_t j = 0; j < mean.size(); ++j) {
    double value = sums.sums[j] / samples;
    if (normalization.any()) {
      const std::size_t m = mean_of(shape, normalization.means.size(), j);
      value = value * normalization.deviations[m] + normalization.means[m];
    }
    mean[j] = static_cast<float>(value);
  }
  return mean;
}

SilentNoiseError::SilentNoiseError(const std::string& data)
    : InputError(
          data +
          ": the mean input is not positive anywhere, so that noise in its shape is silent") {}

std::vector<float> noise_shape(const Dataset& data) {
  std::vector<float> mean = mean_image(data);
  const bool positive = std::any_of(mean.begin(), mean.end(), [](float m) { return m > 0; });
  if (!positive) throw SilentNoiseError(data.name);
  if (data.normalization.any()) return mean;
  // Where means are as small as those of samples of mean 0 would be, they are no shape.
  const Moments moments = moments_of(data);
  if (!moments.negative) return mean;
  constexpr double errors = 4;
  constexpr double clearly = 0.25;  // deviations
  const double error = errors / std::sqrt(static_cast<double>(data.size()));
  for (std::size_t j = 0; j < mean.size(); ++j) {
    const double m = moments.means[j];
    const double deviation = moments.deviations[j];
    if (m > 0 && (m > error * deviation || m > clearly * deviation)) return mean;
  }
  throw SilentNoiseError(data.name);
}

}  // namespace hypnos
