#pragma once

// Which samples an epoch shows, in which order, and how much each counts.

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "hypnos/dataset.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

class SampleOrder {
 public:
  SampleOrder(const Dataset& data, ClassBalance balance);

  /// The last `stored` samples are stored ones. The others come in random order, `batch` at a time,
  /// and after each of these as many stored ones: so they are in one batch of twice the size.
  SampleOrder(const Dataset& data, std::size_t stored, std::size_t batch);

  /// How many samples an epoch has.
  std::size_t size() const;

  /// The samples of the next epoch: all once in random order or, with oversampling, of each class
  /// that there is as many as the largest has. Of a smaller class every sample is repeated equally
  /// often, and which are shown once more changes from epoch to epoch.
  /// @return valid until the next call
  std::span<const std::uint32_t> next(RandomSequence& random);

 private:
  std::vector<std::uint32_t> order_;
  std::vector<std::vector<std::uint32_t>> by_class_;  // with oversampling
  std::size_t largest_ = 0;

  // With stored samples.
  void mix_in_stored(RandomSequence& random);
  std::vector<std::uint32_t> stored_;  // in the order in which they come
  std::size_t next_stored_ = 0;        // of these
  std::size_t batch_ = 0;
  std::vector<std::uint32_t> mixed_;
};

/// samples / (classes * samples of the class), [classes]: the mean over the samples is 1. Counted
/// are classes that there are; 0 for the others.
std::vector<double> class_weights(const Dataset& data);

}  // namespace hypnos
