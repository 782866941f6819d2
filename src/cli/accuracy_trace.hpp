#pragma once

#include <cstdint>
#include <string>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/sleep.hpp"

namespace hypnos::cli {

/// @throws ParameterError when a trace would have too many lines.
void check_trace(std::uint64_t steps, std::uint64_t every);

/// The accuracy along a sleep as CSV: "step,training_accuracy".
class AccuracyTrace {
 public:
  /// @param data must outlive the trace
  AccuracyTrace(const Network& before, const Dataset& data);

  /// Lets the observer add a line every so many steps. The trace must outlive the sleep.
  void attach(SleepObserver& observer, std::uint64_t every, std::uint64_t steps);

  const std::string& text() const { return text_; }

 private:
  void add(std::uint64_t step, const Network& network);

  const Dataset& data_;
  std::string text_;
};

}  // namespace hypnos::cli
