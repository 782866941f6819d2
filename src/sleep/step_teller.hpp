#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string_view>

#include "hypnos/progress.hpp"

namespace hypnos {

/// Tells a listener how many of many short steps are done. It looks at the clock every few steps
/// and tells the listener every few milliseconds, so that the steps take no longer for it.
class StepTeller {
 public:
  /// @param note precedes the number of the step in what the listener is told
  StepTeller(const Progress& progress, std::uint64_t steps, std::string_view note = "step")
      : progress_(progress), steps_(steps), note_(note) {}

  /// @throws Stopped
  void tell(std::uint64_t done) {
    if (done < next_look_) return;
    const auto now = Clock::now();
    next_look_ = done + (now - looked_ < long_time ? look_every : 1);
    looked_ = now;
    if (now - told_ < tell_every) return;
    told_ = now;
    progress_.tell(static_cast<double>(done) / static_cast<double>(steps_),
                   fmt::format("{} {}", note_, done));
  }

 private:
  using Clock = std::chrono::steady_clock;
  // A step takes from a microsecond to tens of milliseconds. Short ones are worth a look at the
  // clock now and then; among long ones, each is.
  static constexpr std::uint64_t look_every = 8;
  static constexpr std::chrono::milliseconds long_time{2};
  static constexpr std::chrono::milliseconds tell_every{10};

  const Progress& progress_;
  std::uint64_t steps_;
  std::string_view note_;
  std::uint64_t next_look_ = 0;
  Clock::time_point looked_{};
  Clock::time_point told_{};  // long ago
};

}  // namespace hypnos
