#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "hypnos/network.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace hypnos {

/// One of many sleeps of the same network.
struct SleepJob {
  SleepParameters parameters;
  std::uint64_t seed = 1;  ///< of the noise
};

/// What all sleeps of a batch have in common.
struct SleepBatch {
  const Network& network;
  std::span<const float> maxima;  ///< [layers], see activation_maxima
  std::span<const float> mean;    ///< mean image, see noise_patches
  std::size_t rows = 1;           ///< of the image
  std::size_t columns = 1;
  std::uint64_t hopeless_steps = 0;  ///< see SleepObserver
};

/// Told the job, the network that it slept (copy what is to stay), and its report. Called from
/// several threads at once.
using SleepDone =
    std::function<void(std::size_t job, const Network& slept, const SleepReport& report)>;

/// Sleeps one network under many parameter sets and seeds, `threads` at a time. Each result is that
/// of the same sleep alone, whatever the number of threads. Memory: about three times the weights
/// per thread.
/// @throws ParameterError before anything is slept when a job's parameters are wrong; what `done`
///   throws, after the sleeps under way have ended.
void sleep_batch(const SleepBatch& batch, std::span<const SleepJob> jobs, unsigned threads,
                 const SleepDone& done);

}  // namespace hypnos
