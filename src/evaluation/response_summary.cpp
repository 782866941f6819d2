#include "hypnos/response_summary.hpp"

#include <cassert>
#include <cmath>
#include <limits>

namespace hypnos {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

// Lengthened or shortened to length 1; NaN when there is no length.
void make_unit(std::span<double> values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  const double length = squares > 0 ? std::sqrt(squares) : no_number;
  for (double& value : values) value /= length;
}

void subtract_mean(std::span<double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  bool differ = false;
  for (const double value : values) differ = differ || value != values[0];
  // Equal values differ from their mean by rounding, which must not look like a pattern.
  for (double& value : values) value = differ ? value - mean : 0;
}

}  // namespace

ResponseStatistics::ResponseStatistics(std::size_t units, std::size_t classes)
    : units_(units), classes_(classes), class_samples_(classes, 0) {
  assert(units > 0);
  class_sums_.assign(classes * units, 0);
}

void ResponseStatistics::add(std::span<const float> responses,
                             std::span<const std::uint32_t> labels) {
  assert(responses.size() == labels.size() * units_);
  const auto n = static_cast<double>(units_);
  const float* response = responses.data();
  for (const std::uint32_t label : labels) {
    assert(label < classes_);
    double* class_sum = &class_sums_[label * units_];
    double sizes = 0;
    double squares = 0;
    for (std::size_t unit = 0; unit < units_; ++unit) {
      const double r = double{response[unit]};
      class_sum[unit] += r;
      sizes += std::abs(r);
      squares += r * r;
      active_ += r > 0 ? 1U : 0U;
    }
    response += units_;
    ++class_samples_[label];
    ++samples_;
    if (squares <= 0) continue;
    ++answered_;
    if (units_ == 1) continue;
    sparsity_ += (1 - sizes * sizes / (n * squares)) / (1 - 1 / n);
    hoyer_ += (std::sqrt(n) - sizes / std::sqrt(squares)) / (std::sqrt(n) - 1);
  }
}

std::vector<double> ResponseStatistics::correlations() const {
  std::vector<double> patterns = class_sums_;
  for (std::size_t c = 0; c < classes_; ++c) {
    const auto pattern = std::span(patterns).subspan(c * units_, units_);
    subtract_mean(pattern);
    make_unit(pattern);
  }
  std::vector<double> result(classes_ * classes_, 0);
  for (std::size_t c = 0; c < classes_; ++c) {
    for (std::size_t other = 0; other < classes_; ++other) {
      double sum = 0;
      for (std::size_t unit = 0; unit < units_; ++unit) {
        sum += patterns[c * units_ + unit] * patterns[other * units_ + unit];
      }
      result[c * classes_ + other] = sum;
    }
  }
  return result;
}

ResponseSummary ResponseStatistics::summary() const {
  ResponseSummary summary{.units = units_, .correlations = correlations()};
  if (samples_ > 0) {
    summary.active = static_cast<double>(active_) / static_cast<double>(samples_ * units_);
  }
  if (answered_ > 0) {
    summary.sparsity = sparsity_ / static_cast<double>(answered_);
    summary.hoyer = hoyer_ / static_cast<double>(answered_);
  }
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t c = 0; c < classes_; ++c) {
    for (std::size_t other = 0; other < c; ++other) {
      const double correlation = summary.correlations[c * classes_ + other];
      if (std::isnan(correlation)) continue;
      sum += correlation;
      ++count;
    }
  }
  summary.class_correlation = count > 0 ? sum / static_cast<double>(count) : no_number;
  return summary;
}

}  // namespace hypnos
