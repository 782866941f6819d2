#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/sleep_batch.hpp"

namespace hypnos {

/// Adds the sleeps of one parameter set: each subject sleeps once for each noise seed, under noise
/// of its own. The search and the guard both want it so. If all subjects had the same noise, a
/// lucky one would help them all alike: the search would find what fits that noise, and the guard
/// would take samples for independent that are not. With one subject the noise seeds are those of
/// its sleeps.
void add_subject_jobs(std::vector<SleepJob>& jobs, std::size_t subjects,
                      const SleepParameters& parameters,
                      std::span<const std::uint64_t> noise_seeds);

/// first, first + 1, ...
std::vector<std::uint64_t> consecutive_seeds(std::uint64_t first, std::uint64_t count);

}  // namespace hypnos
