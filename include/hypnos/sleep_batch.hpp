#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/network.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace hypnos {

/// One of the networks that a batch puts to sleep, and what shapes its noise.
struct Sleeper {
  const Network& network;
  std::span<const float> maxima;  ///< [layers], see activation_maxima
  std::span<const float> mean;    ///< mean image, see noise_patches
  std::size_t rows = 1;           ///< of the image
  std::size_t columns = 1;
};

/// One of many sleeps.
struct SleepJob {
  std::size_t sleeper = 0;  ///< which network
  SleepParameters parameters;
  std::uint64_t seed = 1;  ///< of the noise
};

/// What all sleeps of a batch have in common.
struct SleepBatch {
  std::span<const Sleeper> sleepers;
  std::vector<std::uint64_t> checkpoints = {};  ///< see SleepObserver
  std::uint64_t hopeless_steps = 0;             ///< see SleepObserver
};

/// Told of the sleeps, from several threads at once. Networks are shown for the time of the call:
/// copy what is to stay.
struct BatchObserver {
  std::function<bool(std::size_t job, std::uint64_t steps_done, const Network& network)>
      checkpoint = {};  ///< see SleepObserver; not set: there are none
  /// A sleep has ended. One whose target rates cannot be reached ends as `unreachable`, with the
  /// network as it was.
  std::function<void(std::size_t job, const Network& slept, const SleepReport& report)> done = {};
};

/// Sleeps networks under many parameter sets and seeds, `threads` at a time. Each result is that
/// of the same sleep alone, whatever the number of threads. Memory: about three times the weights
/// per thread.
/// @throws ParameterError before anything is slept when a job's parameters are wrong; what the
///   observer throws, after the sleeps under way have ended.
void sleep_batch(const SleepBatch& batch, std::span<const SleepJob> jobs, unsigned threads,
                 const BatchObserver& observer);

}  // namespace hypnos
