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

std::size_t SampleOrder::size() const {
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
  return order_;
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
