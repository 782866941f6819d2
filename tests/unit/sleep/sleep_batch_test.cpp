#include "hypnos/sleep_batch.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <stdexcept>

#include "hypnos/error.hpp"
#include "hypnos/input_gains.hpp"
#include "hypnos/stimulus.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

struct Batch {
  std::vector<std::size_t> sizes = {36, 40, 30, 4};
  std::vector<Network> networks = {test::random_network(sizes, -0.01F, 0.02F, 1),
                                   test::random_network(sizes, -0.01F, 0.02F, 2)};
  std::vector<float> maxima = {0.5F, 0.4F, 0.3F};
  std::vector<float> mean = std::vector<float>(36, 0.5F);
  std::vector<Sleeper> sleepers;
  std::vector<SleepJob> jobs;

  Batch() {
    for (const Network& network : networks) {
      sleepers.push_back(
          {.network = network, .maxima = maxima, .mean = mean, .shape = {.rows = 6, .columns = 6}});
    }
    for (std::uint64_t j = 0; j < 12; ++j) {
      SleepJob job{.sleeper = j % 2, .parameters = {}, .seed = j / 2};
      job.parameters.steps = 100 + 50 * j;
      job.parameters.max_rate = 200;
      job.parameters.patch = 3;
      job.parameters.increment = 0.001;
      job.parameters.decrement = 0.0002 * static_cast<double>(j);
      job.parameters.input_gain = GainScale{3};
      job.parameters.firing = Thresholds{{0.5, 0.5, 0.5}};
      jobs.push_back(job);
    }
  }
  SleepBatch shared() const { return {.sleepers = {&sleepers[0], &sleepers[1]}}; }
};

TEST(SleepBatch, EachResultIsThatOfTheSleepAloneWhateverTheThreads) {
  const Batch batch;
  for (const unsigned threads : {1U, 2U, 5U}) {
    std::mutex mutex;
    std::vector<Network> slept(batch.jobs.size());
    std::uint64_t output_spikes = 0;
    sleep_batch(batch.shared(), batch.jobs,
                {.done =
                     [&](std::size_t job, const Network& network, const SleepReport& report) {
                       const std::scoped_lock lock(mutex);
                       slept[job] = network;
                       output_spikes += report.spikes(3);
                     }},
                {.threads = threads});
    EXPECT_GT(output_spikes, 0U);
    for (std::size_t j = 0; j < batch.jobs.size(); ++j) {
      const SleepParameters& p = batch.jobs[j].parameters;
      Network alone = batch.networks[batch.jobs[j].sleeper];
      sleep(alone, p, input_gains(p, alone, batch.maxima),
            noise_patches(batch.mean, {.rows = 6, .columns = 6}, p, batch.jobs[j].seed));
      for (std::size_t l = 0; l < 3; ++l) {
        ASSERT_EQ(slept[j].layers[l].weights, alone.layers[l].weights) << j << " " << threads;
      }
    }
  }
}

TEST(SleepBatch, PassesOnWhatIsThrown) {
  Batch batch;
  EXPECT_THROW(sleep_batch(batch.shared(), batch.jobs,
                           {.done =
                                [](std::size_t job, const Network&, const SleepReport&) {
                                  if (job == 4) throw std::runtime_error("stop");
                                }},
                           {.threads = 3}),
               std::runtime_error);
  batch.jobs.back().parameters.firing = Thresholds{{1}};
  bool called = false;
  EXPECT_THROW(
      sleep_batch(batch.shared(), batch.jobs,
                  {.done = [&](std::size_t, const Network&, const SleepReport&) { called = true; }},
                  {.threads = 2}),
      ParameterError);
  EXPECT_FALSE(called);
}

TEST(SleepBatch, StopsInTheMiddleOfItsSleeps) {
  Batch batch;
  for (SleepJob& job : batch.jobs) job.parameters.steps = 1'000'000'000;
  int ended = 0;
  double told = -1;
  EXPECT_THROW(
      sleep_batch(batch.shared(), batch.jobs,
                  {.done = [&](std::size_t, const Network&, const SleepReport&) { ++ended; }},
                  {.threads = 2, .progress = Progress([&](double part, std::string_view) {
                                   EXPECT_GE(part, told);
                                   told = part;
                                   return part == 0;
                                 })}),
      Stopped);
  EXPECT_EQ(ended, 0);
}

TEST(SleepBatch, TellsHowMuchOfAllIsDone) {
  const Batch batch;
  double told = 0;
  sleep_batch(batch.shared(), batch.jobs,
              {.done = [](std::size_t, const Network&, const SleepReport&) {}},
              {.threads = 2, .progress = Progress([&](double part, std::string_view) {
                               told = part;
                               return true;
                             })});
  EXPECT_NEAR(told, 1, 1e-12);
}

TEST(SleepBatch, ShowsEachSleepAtItsCheckpoints) {
  const Batch batch;
  SleepBatch shared = batch.shared();
  shared.checkpoints = {50, 120, 10000};
  std::mutex mutex;
  std::vector<std::vector<std::uint64_t>> seen(batch.jobs.size());
  sleep_batch(
      shared, batch.jobs,
      {.checkpoint =
           [&](std::size_t job, std::uint64_t steps, const Network& network) {
             Network alone = batch.networks[batch.jobs[job].sleeper];
             SleepParameters p = batch.jobs[job].parameters;
             p.steps = steps;
             sleep(alone, p, input_gains(p, alone, batch.maxima),
                   noise_patches(batch.mean, {.rows = 6, .columns = 6}, p, batch.jobs[job].seed));
             const std::scoped_lock lock(mutex);
             EXPECT_EQ(network.layers[1].weights, alone.layers[1].weights);
             seen[job].push_back(steps);
             return true;
           },
       .done = [](std::size_t, const Network&, const SleepReport&) {}},
      {.threads = 2});
  EXPECT_EQ(seen[0], std::vector<std::uint64_t>({50}));
  EXPECT_EQ(seen[1], std::vector<std::uint64_t>({50, 120}));
}

TEST(SleepBatch, SaysWhichTargetRatesCannotBeReached) {
  Batch batch;
  for (SleepJob& job : batch.jobs) job.parameters.firing = TargetRates{{0.02, 0.02, 0.02}};
  batch.jobs[3].parameters.max_rate = 0;
  const auto ignore = [](std::size_t, const Network&, const SleepReport&) {};
  EXPECT_THROW(sleep_batch(batch.shared(), batch.jobs, {.done = ignore}), RateError);
  std::mutex mutex;
  std::set<std::size_t> done;
  std::set<std::size_t> unreachable;
  sleep_batch(batch.shared(), batch.jobs,
              {.done =
                   [&](std::size_t job, const Network&, const SleepReport&) {
                     const std::scoped_lock lock(mutex);
                     done.insert(job);
                   },
               .unreachable =
                   [&](std::size_t job, const RateError& error) {
                     const std::scoped_lock lock(mutex);
                     unreachable.insert(job);
                     EXPECT_EQ(error.layer(), 1U);
                     EXPECT_EQ(error.target(), 0.02);
                     EXPECT_EQ(error.highest(), 0);
                   }},
              {.threads = 2});
  EXPECT_EQ(done.size(), batch.jobs.size() - 1);
  EXPECT_EQ(unreachable, std::set<std::size_t>({3}));
}

}  // namespace
}  // namespace hypnos
