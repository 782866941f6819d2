#include "tuning/subject_jobs.hpp"

#include <numeric>

namespace hypnos {

void add_subject_jobs(std::vector<SleepJob>& jobs, std::size_t subjects,
                      const SleepParameters& parameters,
                      std::span<const std::uint64_t> noise_seeds) {
  for (std::size_t s = 0; s < subjects; ++s) {
    for (const std::uint64_t seed : noise_seeds) {
      jobs.push_back({.sleeper = s, .parameters = parameters, .seed = seed * subjects + s});
    }
  }
}

std::vector<std::uint64_t> consecutive_seeds(std::uint64_t first, std::uint64_t count) {
  std::vector<std::uint64_t> seeds(count);
  std::iota(seeds.begin(), seeds.end(), first);
  return seeds;
}

}  // namespace hypnos
