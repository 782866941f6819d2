#include "training/sample_order.hpp"

#include <algorithm>
#include <numeric>

namespace hypnos {

SampleOrder::SampleOrder(const Dataset& data, ClassBalance balance) {
  if (balance == ClassBalance::oversampling) {
    by_class_.resize(data.classes);
    for (std::size_t s = 0; s < data.size(); ++s) {
      by_class_[data.labels[s]].push_back(static_cast<std::uint32_t>(s));
    }
    for (const auto& of_class : by_class_) largest_ = std::max(largest_, of_class.size());
  } else {
    order_.resize(data.size());
    std::iota(order_.begin(), order_.end(), 0U);
  }
}

SampleOrder::SampleOrder(const Dataset& data, std::size_t stored, std::size_t batch)
    : order_(data.size() - stored), stored_(stored), next_stored_(stored), batch_(batch) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::iota(stored_.begin(), stored_.end(), static_cast<std::uint32_t>(order_.size()));
}

std::size_t SampleOrder::size() const {
  if (!stored_.empty()) return 2 * order_.size();
  if (by_class_.empty()) return order_.size();
  const auto classes = std::count_if(by_class_.begin(), by_class_.end(),
                                     [](const auto& of_class) { return !of_class.empty(); });
  return static_cast<std::size_t>(classes) * largest_;
}

std::span<const std::uint32_t> SampleOrder::next(RandomSequence& random) {
  if (!by_class_.empty()) {
    order_.clear();
    for (auto& of_class : by_class_) {
      if (of_class.empty()) continue;
      shuffle(of_class, random);
      for (std::size_t i = 0; i < largest_; ++i) order_.push_back(of_class[i % of_class.size()]);
    }
  }
  shuffle(order_, random);
  if (stored_.empty()) return order_;
  mix_in_stored(random);
  return mixed_;
}

// Every stored sample comes equally often: they are shuffled anew when all have been shown.
void SampleOrder::mix_in_stored(RandomSequence& random) {
  mixed_.clear();
  for (std::size_t first = 0; first < order_.size(); first += batch_) {
    const auto others = std::span(order_).subspan(first, std::min(batch_, order_.size() - first));
    mixed_.insert(mixed_.end(), others.begin(), others.end());
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (next_stored_ == stored_.size()) {
        shuffle(stored_, random);
        next_stored_ = 0;
      }
      mixed_.push_back(stored_[next_stored_++]);
    }
  }
}

std::vector<double> class_weights(const Dataset& data) {
  std::vector<double> counts(data.classes, 0);
  for (const std::uint32_t label : data.labels) ++counts[label];
  const auto classes = static_cast<double>(
      std::count_if(counts.begin(), counts.end(), [](double count) { return count > 0; }));
  for (double& count : counts) {
    if (count > 0) count = static_cast<double>(data.size()) / (classes * count);
  }
  return counts;
}

}  // namespace hypnos
