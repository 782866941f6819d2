#include "hypnos/sleep_batch.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "hypnos/calibration.hpp"
#include "hypnos/stimulus.hpp"
#include "sleep/simulation.hpp"

namespace hypnos {
namespace {

// What one thread uses for one job after the other.
struct Workplace {
  Network network;
  std::vector<SynapseMemory> memory;
};

void run(const SleepBatch& batch, const SleepJob& job, std::size_t number, const SleepDone& done,
         Workplace& place) {
  place.network = batch.network;
  const auto gains = input_gains(job.parameters, place.network, batch.maxima);
  const auto stimulus =
      noise_patches(batch.mean, batch.rows, batch.columns, job.parameters, job.seed);
  const SleepObserver observer = {.hopeless_steps = batch.hopeless_steps};
  const SleepReport report =
      simulate(place.network, job.parameters, gains, stimulus, observer, place.memory);
  done(number, place.network, report);
}

}  // namespace

void sleep_batch(const SleepBatch& batch, std::span<const SleepJob> jobs, unsigned threads,
                 const SleepDone& done) {
  for (const SleepJob& job : jobs) validate(job.parameters, batch.network.layers.size());
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failing;
  const auto work = [&] {
    try {
      Workplace place;
      for (std::size_t j = next++; j < jobs.size(); j = next++) {
        run(batch, jobs[j], j, done, place);
      }
    } catch (...) {
      next = jobs.size();
      const std::scoped_lock lock(failing);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> workers;
    const std::size_t count = std::min<std::size_t>(std::max(threads, 1U), jobs.size());
    for (std::size_t w = 1; w < count; ++w) workers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace hypnos
