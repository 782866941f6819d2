#include "hypnos/attack.hpp"

#include <algorithm>
#include <cmath>

#include "base/denormals_kept.hpp"
#include "base/random.hpp"
#include "data/feature_normalization.hpp"
#include "training/check_fit.hpp"
#include "training/input_gradient.hpp"

namespace hypnos {
namespace {

// Samples that go through the network together.
constexpr std::size_t block = 192;

// How far and how often an attack goes.
struct Attack {
  int steps = 1;
  float step = 0;       // in each pixel
  float most = 0;       // likewise, from the image as it was
  bool random = false;  // begins at a random place within
};

constexpr int pgd_steps = 10;

Attack attack_of(const Distortion& distortion) {
  const auto most = static_cast<float>(distortion.strength);
  if (distortion.kind == DistortionKind::fgsm) return {.step = most, .most = most};
  constexpr float steps_to_edge = 4;
  return {.steps = pgd_steps, .step = most / steps_to_edge, .most = most, .random = true};
}

float within(float value, float plain, float most) {
  return std::clamp(std::clamp(value, plain - most, plain + most), 0.0F, 1.0F);
}

// Attacks images that follow each other.
class Attacker {
 public:
  Attacker(const Network& network, const Dataset& data, const Attack& attack, std::uint64_t seed,
           unsigned threads)
      : data_(data),
        attack_(attack),
        seed_(seed),
        gradient_(network, std::min(block, data.size()), threads),
        inputs_(std::min(block, data.size()), network.inputs()),
        row_(network.inputs()) {}

  /// @param pixels [labels.size() x features], before normalization; changed
  void run(std::size_t first, std::span<float> pixels, std::span<const std::uint32_t> labels) {
    plain_.assign(pixels.begin(), pixels.end());
    if (attack_.random) begin_at_random(first, pixels);
    for (int step = 0; step < attack_.steps; ++step) {
      load(pixels);
      go(pixels, gradient_.of(inputs_, labels));
    }
  }

 private:
  void begin_at_random(std::size_t first, std::span<float> pixels) {
    const std::size_t features = row_.size();
    for (std::size_t i = 0; i < pixels.size(); i += features) {
      RandomSequence random(seed_, Purpose::attack, first + i / features);
      for (std::size_t j = i; j < i + features; ++j) {
        const float from = attack_.most * (2 * random.uniform() - 1);
        pixels[j] = within(plain_[j] + from, plain_[j], attack_.most);
      }
    }
  }

  void load(std::span<const float> pixels) {
    const std::size_t features = row_.size();
    for (std::size_t i = 0; i < pixels.size(); i += features) {
      std::copy_n(pixels.begin() + static_cast<std::ptrdiff_t>(i), features, row_.begin());
      if (data_.normalization.any()) normalize_image(row_, data_.shape, data_.normalization);
      inputs_.set_row(i / features, row_);
    }
  }

  void go(std::span<float> pixels, const Panels& gradient) {
    const std::size_t features = row_.size();
    for (std::size_t i = 0; i < pixels.size(); i += features) {
      gradient.get_row(i / features, row_);
      for (std::size_t j = 0; j < features; ++j) {
        const float slope = row_[j];
        const float direction = slope > 0 ? 1.0F : slope < 0 ? -1.0F : 0.0F;
        pixels[i + j] =
            within(pixels[i + j] + attack_.step * direction, plain_[i + j], attack_.most);
      }
    }
  }

  const Dataset& data_;
  Attack attack_;
  std::uint64_t seed_;
  InputGradient gradient_;
  Panels inputs_;
  std::vector<float> row_;
  std::vector<float> plain_;
};

}  // namespace

double passes_of(const Distortion& distortion) {
  if (distortion.kind == DistortionKind::fgsm) return 3;
  if (distortion.kind == DistortionKind::pgd) return 2 * pgd_steps + 1;
  return 1;
}

Dataset distort(const Network& network, const Dataset& data, const Distortion& distortion,
                std::uint64_t seed, const Execution& execution) {
  if (!is_adversarial(distortion.kind)) return distort(data, distortion, seed, execution.progress);
  check_fit(network, data);
  const DenormalsKept denormals;
  Dataset attacked = pixels_of(data);
  const std::size_t features = data.shape.features();
  Attacker attacker(network, data, attack_of(distortion), seed, execution.threads);
  for (std::size_t first = 0; first < data.size(); first += block) {
    execution.progress.tell(static_cast<double>(first) / static_cast<double>(data.size()));
    const std::size_t count = std::min(block, data.size() - first);
    attacker.run(first, std::span(attacked.images).subspan(first * features, count * features),
                 std::span(data.labels).subspan(first, count));
  }
  if (data.normalization.any()) normalize(attacked, data.normalization);
  return attacked;
}

}  // namespace hypnos
