#pragma once

#include <cstdint>
#include <string>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/sleep.hpp"

namespace hypnos {

/// The accuracy along a sleep as CSV: "step,training_accuracy".
class AccuracyTrace {
 public:
  /// @param data must outlive the trace
  /// @param progress is told of each measurement, and can stop it
  AccuracyTrace(const Network& before, const Dataset& data, Progress progress);

  /// Lets the observer add a line every so many steps. The trace must outlive the sleep.
  void attach(SleepObserver& observer, std::uint64_t every, std::uint64_t steps);

  const std::string& text() const { return text_; }

 private:
  void add(std::uint64_t step, const Network& network);

  const Dataset& data_;
  Progress progress_;
  std::string text_;
};

}  // namespace hypnos
