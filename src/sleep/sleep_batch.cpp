#include "hypnos/sleep_batch.hpp"

#include <algorithm>
#include <vector>

#include "base/parallel.hpp"
#include "hypnos/input_gains.hpp"
#include "hypnos/stimulus.hpp"
#include "sleep/simulation.hpp"

namespace hypnos {
namespace {

// What one thread uses for one job after the other.
struct Workplace {
  Network network;
  std::vector<SynapseMemory> memory;
};

void run(const SleepBatch& batch, const SleepJob& job, std::size_t number,
         const BatchObserver& observer, const Progress& progress, Workplace& place) {
  const Sleeper& sleeper = *batch.sleepers[job.sleeper];
  place.network = sleeper.network;
  const auto gains = input_gains(job.parameters, place.network, sleeper.maxima);
  const auto stimulus = noise_patches(sleeper.mean, sleeper.shape, job.parameters, job.seed);
  SleepObserver single = {.hopeless_steps = batch.hopeless_steps};
  if (observer.checkpoint) {
    single.checkpoints = batch.checkpoints;
    single.checkpoint = [&observer, number](std::uint64_t steps, const Network& network) {
      return observer.checkpoint(number, steps, network);
    };
  }
  try {
    const SleepReport report =
        simulate(place.network, job.parameters, gains, stimulus, single, progress, place.memory);
    observer.done(number, place.network, report);
  } catch (const RateError& error) {
    if (!observer.unreachable) throw;
    observer.unreachable(number, error);
  }
  progress.tell(1);
}

}  // namespace

void sleep_batch(const SleepBatch& batch, std::span<const SleepJob> jobs,
                 const BatchObserver& observer, const Execution& execution) {
  std::vector<double> work;
  work.reserve(jobs.size());
  for (const SleepJob& job : jobs) {
    validate(job.parameters, batch.sleepers[job.sleeper]->network.layers.size());
    work.push_back(static_cast<double>(job.parameters.steps));
  }
  const std::vector<Progress> progress = execution.progress.share(work);
  std::vector<Workplace> places(std::max(execution.threads, 1U));
  parallel_for(jobs.size(), execution.threads, [&](std::size_t job, std::size_t worker) {
    run(batch, jobs[job], job, observer, progress[job], places[worker]);
  });
}

}  // namespace hypnos
