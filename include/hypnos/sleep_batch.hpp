#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/sleeper.hpp"
#include "hypnos/thresholds.hpp"

namespace hypnos {

/// One of many sleeps.
struct SleepJob {
  std::size_t sleeper = 0;  ///< which of the batch's
  SleepParameters parameters;
  std::uint64_t seed = 1;  ///< of the noise
};

/// What all sleeps of a batch have in common.
struct SleepBatch {
  std::vector<const Sleeper*> sleepers;         ///< they stay as they are
  std::vector<std::uint64_t> checkpoints = {};  ///< see SleepObserver
  std::uint64_t hopeless_steps = 0;             ///< see SleepObserver
};

/// Told of the sleeps, from several threads at once. Networks are shown for the time of the call:
/// copy what is to stay.
struct BatchObserver {
  /// See SleepObserver.
  std::function<bool(std::size_t job, std::uint64_t steps_done, const Network& network)>
      checkpoint = {};
  /// A sleep has ended.
  std::function<void(std::size_t job, const Network& slept, const SleepReport& report)> done = {};
  /// A sleep could not begin, because its target rates cannot be reached. Where this is not set,
  /// such a sleep ends the batch with the error.
  std::function<void(std::size_t job, const RateError& error)> unreachable = {};
};

/// Sleeps networks under many parameter sets and seeds, several at a time. Each result is that of
/// the same sleep alone, whatever the number of threads. Memory: about three times the weights per
/// thread.
/// @throws ParameterError before anything is slept when a job's parameters are wrong; Stopped; what
///   the observer throws, after the sleeps under way have ended.
void sleep_batch(const SleepBatch& batch, std::span<const SleepJob> jobs,
                 const BatchObserver& observer, const Execution& execution = {});

}  // namespace hypnos
