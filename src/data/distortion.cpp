#include "hypnos/distortion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/memory.hpp"
#include "data/distorter.hpp"
#include "data/feature_normalization.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// What a strength may be, and which images the kind takes.
struct Kind {
  DistortionKind kind;
  double low, high;
  bool whole;         // a number of pixels
  bool needs_images;  // rows and columns mean something
};

constexpr double most_pixels = 1e4;
constexpr std::array kinds = {
    Kind{DistortionKind::clean, 0, 0, false, false},
    Kind{DistortionKind::gaussian_noise, 0, 1e3, false, false},
    Kind{DistortionKind::salt_and_pepper, 0, 1, false, false},
    Kind{DistortionKind::blur, 0, 1e3, false, true},
    Kind{DistortionKind::contrast, 0, 1e3, false, false},
    Kind{DistortionKind::occlusion, 0, most_pixels, true, true},
    Kind{DistortionKind::shift, 0, most_pixels, false, true},
    Kind{DistortionKind::rotation, 0, 180, false, true},
    Kind{DistortionKind::fgsm, 0, 1, false, false},
    Kind{DistortionKind::pgd, 0, 1, false, false},
};

const Kind& kind_of(DistortionKind kind) {
  return *std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.kind == kind; });
}

Distortion read_one(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const auto kind = named<DistortionKind>(name);
  if (!kind) {
    throw ParameterError("distort", fmt::format("there is no distortion \"{}\"; there are {}", name,
                                                list_names<DistortionKind>()));
  }
  Distortion distortion{.kind = *kind};
  if (*kind == DistortionKind::clean) {
    if (equals == std::string_view::npos) return distortion;
    throw ParameterError("distort", "clean has no strength");
  }
  if (equals == std::string_view::npos) {
    throw ParameterError("distort", fmt::format("{} needs its strength, as in {}=2", name, name));
  }
  const std::string_view number = text.substr(equals + 1);
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), distortion.strength);
  const Kind& of = kind_of(*kind);
  const double strength = distortion.strength;
  if (error != std::errc() || end != number.data() + number.size() ||
      !(strength >= of.low && strength <= of.high) ||
      (of.whole && strength != std::floor(strength))) {
    throw ParameterError("distort",
                         fmt::format("{} of \"{}\" is not a {}number from {} to {}", name, number,
                                     of.whole ? "whole " : "", of.low, of.high));
  }
  return distortion;
}

// Takes the weight before a distortion away.
double take_weight(std::string_view& text) {
  const std::size_t times = text.find('*');
  if (times == std::string_view::npos) return 1;
  const std::string_view number = text.substr(0, times);
  double weight = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), weight);
  if (error != std::errc() || end != number.data() + number.size() ||
      !(weight > 0 && weight <= 1e9)) {
    throw ParameterError("distort", fmt::format("\"{}\" is no weight above 0, up to 1e9", number));
  }
  text.remove_prefix(times + 1);
  return weight;
}

enum class Weights { none, any };

std::vector<Distortion> read_list(std::string_view text, Weights weights) {
  std::vector<Distortion> distortions;
  for (;;) {
    const std::size_t comma = text.find(',');
    std::string_view one = text.substr(0, comma);
    if (weights == Weights::none && one.find('*') != std::string_view::npos) {
      throw ParameterError("distort", fmt::format("\"{}\" has a weight, which only tune and the "
                                                  "guard take: they judge by all together",
                                                  one));
    }
    const double weight = take_weight(one);
    Distortion next = read_one(one);
    const bool known = std::any_of(
        distortions.begin(), distortions.end(),
        [&](const Distortion& d) { return d.kind == next.kind && d.strength == next.strength; });
    if (known) throw ParameterError("distort", fmt::format("names {} twice", text_of(next)));
    next.weight = weight;
    distortions.push_back(next);
    if (comma == std::string_view::npos) return distortions;
    text.remove_prefix(comma + 1);
  }
}

void require_images(const ImageShape& shape, DistortionKind kind) {
  if (shape.rows > 1 || !kind_of(kind).needs_images) return;
  throw InputError(
      fmt::format("{} needs images with rows and columns; these samples have {} numbers",
                  name_of(kind), shape.features()));
}

void require_pixels(std::span<const float> image) {
  constexpr float rounding = 1e-5F;
  const auto [low, high] = std::minmax_element(image.begin(), image.end());
  if (*low >= -rounding && *high <= 1 + rounding) return;
  throw InputError(fmt::format(
      "distortions are defined for pixels from 0 to 1; these numbers go from {:.4g} to {:.4g}",
      *low, *high));
}

// The image as it was before it was normalized.
void copy_pixels(const Dataset& data, std::size_t sample, std::span<float> pixels) {
  const auto image = data.image(sample, pixels);
  if (image.data() != pixels.data()) std::copy(image.begin(), image.end(), pixels.begin());
  if (data.normalization.any()) undo_normalization(pixels, data.shape, data.normalization);
  require_pixels(pixels);
}

}  // namespace

std::vector<Distortion> read_distortions(std::string_view text) {
  return read_list(text, Weights::none);
}

std::vector<Distortion> read_weighted_distortions(std::string_view text) {
  return read_list(text, Weights::any);
}

std::string text_of(const Distortion& distortion) {
  const std::string weight = distortion.weight == 1 ? "" : fmt::format("{}*", distortion.weight);
  if (distortion.kind == DistortionKind::clean) return weight + "clean";
  return fmt::format("{}{}={}", weight, name_of(distortion.kind), distortion.strength);
}

std::string text_of(const std::vector<Distortion>& distortions) {
  std::string text;
  for (const Distortion& distortion : distortions) {
    text += (text.empty() ? "" : ",") + text_of(distortion);
  }
  return text;
}

bool is_adversarial(DistortionKind kind) {
  return kind == DistortionKind::fgsm || kind == DistortionKind::pgd;
}

Dataset distort(const Dataset& data, const Distortion& distortion, std::uint64_t seed,
                const Progress& progress) {
  if (is_adversarial(distortion.kind)) {
    throw InputError(
        fmt::format("{} is made against a network, and there is none", name_of(distortion.kind)));
  }
  require_images(data.shape, distortion.kind);
  if (distortion.kind == DistortionKind::clean) return data;
  Dataset distorted = pixels_of(data);
  const std::size_t features = data.shape.features();
  Distorter distorter(distortion, data.shape, seed);
  for (std::size_t sample = 0; sample < data.size(); ++sample) {
    progress.tell(static_cast<double>(sample) / static_cast<double>(data.size()));
    distorter.apply(std::span(distorted.images).subspan(sample * features, features), sample);
  }
  if (data.normalization.any()) normalize(distorted, data.normalization);
  return distorted;
}

Dataset pixels_of(const Dataset& data) {
  const std::size_t features = data.shape.features();
  require_memory(static_cast<double>(data.size()) * static_cast<double>(features) * sizeof(float),
                 fmt::format("the pixels of {} images", data.size()));
  Dataset pixels{.name = data.name,
                 .shape = data.shape,
                 .classes = data.classes,
                 .images = std::vector<float>(data.size() * features),
                 .labels = data.labels};
  for (std::size_t sample = 0; sample < data.size(); ++sample) {
    copy_pixels(data, sample, std::span(pixels.images).subspan(sample * features, features));
  }
  return pixels;
}

void check_distortions(const Dataset& data, const std::vector<Distortion>& distortions) {
  bool any = false;
  for (const Distortion& distortion : distortions) {
    require_images(data.shape, distortion.kind);
    any = any || distortion.kind != DistortionKind::clean;
  }
  if (!any) return;
  std::vector<float> pixels(data.shape.features());
  for (std::size_t sample = 0; sample < data.size(); ++sample) copy_pixels(data, sample, pixels);
}

}  // namespace hypnos
