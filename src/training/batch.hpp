#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/panels.hpp"
#include "base/thread_team.hpp"
#include "training/augmentation.hpp"

namespace hypnos {

/// The samples of one update, gathered from a data set.
class Batch {
 public:
  /// @param most samples that a batch may have
  /// @param class_weights [classes] of the losses, or empty: all 1
  /// @param targets [samples of the data x classes] of the outputs, or empty
  Batch(const Dataset& data, std::size_t most, std::span<const double> class_weights,
        std::span<const float> targets, const std::optional<Augmenter>& augmenter,
        std::size_t threads);

  void gather(std::span<const std::uint32_t> samples, ThreadTeam& team);

  std::size_t size() const { return samples_.size(); }
  const Panels& images() const { return images_; }  ///< [size or more x features]
  std::uint32_t label(std::size_t i) const { return data_.labels[samples_[i]]; }
  /// Of the outputs; empty: the label says it.
  std::span<const float> target(std::size_t i) const {
    if (targets_.empty()) return {};
    const std::size_t classes = targets_.size() / data_.size();
    return targets_.subspan(samples_[i] * classes, classes);
  }
  float weight(std::size_t i) const {
    return class_weights_.empty() ? 1 : static_cast<float>(class_weights_[label(i)]);
  }

 private:
  const Dataset& data_;
  std::span<const double> class_weights_;
  std::span<const float> targets_;
  std::vector<Augmenter> augmenters_;             // one for each thread, or none
  std::vector<std::vector<float>> plain_;         // an image for each thread
  std::vector<std::vector<float>> shown_images_;  // likewise
  Panels images_;
  std::span<const std::uint32_t> samples_;
  std::uint64_t shown_ = 0;  // samples, in all batches before this one
};

}  // namespace hypnos
