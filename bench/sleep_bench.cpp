// Whole sleeps of a 784-1200-1200-10 network on one thread, layout and settling included, as time
// per step; and the memory floor: the time to stream just the bytes that those steps must touch.
// Network and input are made up, with thresholds that give each regime its rates; for trained
// networks and other programs see bench/peers/compare.

#include <benchmark/benchmark.h>

#include <random>

#include "base/aligned.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/sleep_batch.hpp"
#include "hypnos/stimulus.hpp"
#include "sleep/kernels.hpp"

namespace {

using namespace hypnos;

constexpr std::size_t sizes[] = {784, 1200, 1200, 10};

// Spikes per unit and step that a regime should have in input, hidden 1, hidden 2.
struct Regime {
  double rates[3];
  std::uint64_t steps;
  double increment, decrement;
};
// Slower than one spike per unit in 20,000 steps cannot be had by thresholds alone.
constexpr Regime authors = {{0.0031, 5.1e-5, 5.1e-5}, 20000, 0.022175, 0.076886};
constexpr Regime tuned = {{0.02, 7e-4, 3e-4}, 6000, 0.00078, 0.00016};
constexpr Regime firing_1 = {{0.01, 0.01, 0.01}, 2000, 1e-7, 1e-7};
constexpr Regime firing_5 = {{0.05, 0.05, 0.05}, 1000, 1e-7, 1e-7};
constexpr Regime firing_20 = {{0.2, 0.2, 0.2}, 500, 1e-7, 1e-7};

struct Setting {
  Network network;
  SleepParameters parameters;
  std::vector<double> gains = {1, 1, 1};
  Stimulus stimulus;
};

// Weights in [-0.01, 0.02]: the potential of a unit grows by its mean weight times the spikes
// below, so that threshold = mean weight * spikes below per step / rate gives the rate.
Setting make(const Regime& regime) {
  Setting s;
  std::mt19937 engine(1);
  std::uniform_real_distribution<float> weight(-0.01F, 0.02F);
  std::vector<double> thresholds;
  for (std::size_t l = 0; l < 3; ++l) {
    Layer layer{.outputs = sizes[l + 1], .inputs = sizes[l]};
    layer.weights.resize(layer.outputs * layer.inputs);
    for (float& w : layer.weights) w = weight(engine);
    s.network.layers.push_back(std::move(layer));
    const double below = regime.rates[l] * static_cast<double>(sizes[l]);
    const double rate = l < 2 ? regime.rates[l + 1] : 1e-9;
    thresholds.push_back(0.005 * below / rate);
  }
  s.parameters.firing = Thresholds{thresholds};
  s.parameters.steps = regime.steps;
  s.parameters.decay = 0.999999;
  s.parameters.increment = regime.increment;
  s.parameters.decrement = regime.decrement;
  s.parameters.input_gain = GivenGains{s.gains};
  // Noise over the patch, or over the whole input where a patch could not be dense enough.
  s.parameters.patch = regime.rates[0] < 0.1 ? 11 : 0;
  const double patch_units = s.parameters.patch == 0 ? 784 : 121;
  s.parameters.max_rate = 784 / patch_units * regime.rates[0] / (2 * s.parameters.time_step);
  const std::vector<float> mean(784, 1.0F);
  s.stimulus = noise_patches(mean, {.rows = 28, .columns = 28}, s.parameters, 1);
  return s;
}

void engine(benchmark::State& state, const Regime& regime) {
  const Setting setting = make(regime);
  SleepReport report;
  for (auto _ : state) {
    state.PauseTiming();
    Network network = setting.network;
    state.ResumeTiming();
    report = sleep(network, setting.parameters, setting.gains, setting.stimulus);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(regime.steps));
  state.counters["s_per_step"] = benchmark::Counter(
      static_cast<double>(regime.steps),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["input"] = report.rate(0);
  state.counters["hidden1"] = report.rate(1);
  state.counters["hidden2"] = report.rate(2);
}

// For each step: reads one column of weights per presynaptic spike, reads and writes the membrane
// potentials of each layer that has input, and reads and writes one row per postsynaptic spike.
void floor_of(benchmark::State& state, const Regime& regime) {
  Setting setting = make(regime);
  const SleepReport report =
      sleep(setting.network, setting.parameters, setting.gains, setting.stimulus);
  std::mt19937 random(2);
  std::vector<AlignedFloats> weights;
  std::vector<std::vector<std::vector<const float*>>> reads(3);
  std::vector<std::vector<std::vector<float*>>> writes(3);
  for (std::size_t l = 0; l < 3; ++l) {
    const std::size_t stride = kernels::padded(sizes[l + 1]) + kernels::padding;
    weights.emplace_back(std::max(sizes[l], stride) * std::max(sizes[l], stride));
    std::uniform_int_distribution<std::size_t> column(0, sizes[l] - 1);
    std::uniform_int_distribution<std::size_t> row(0, sizes[l + 1] - 1);
    std::vector<std::uint32_t> active;
    const auto spikes = [&](std::size_t layer) {
      std::poisson_distribution<int> count(report.rate(layer) * static_cast<double>(sizes[layer]));
      return count(random);
    };
    for (std::uint64_t step = 0; step < regime.steps; ++step) {
      auto& read = reads[l].emplace_back();
      auto& write = writes[l].emplace_back();
      if (l == 0) {
        setting.stimulus(step, active);
        for (const std::uint32_t j : active) read.push_back(weights[l].data() + j * stride);
      } else {
        for (int k = spikes(l); k > 0; --k)
          read.push_back(weights[l].data() + column(random) * stride);
      }
      for (int k = spikes(l + 1); k > 0; --k) {
        write.push_back(weights[l].data() + row(random) * kernels::padded(sizes[l]));
      }
    }
  }
  AlignedFloats sum(1216);
  AlignedFloats membrane(1216);
  for (auto _ : state) {
    for (std::uint64_t step = 0; step < regime.steps; ++step) {
      for (std::size_t l = 0; l < 3; ++l) {
        const std::size_t units = kernels::padded(sizes[l + 1]);
        if (!reads[l][step].empty()) {
          kernels::add_columns(reads[l][step], units, sum.data());
          for (std::size_t i = 0; i < units; ++i) membrane.data()[i] += sum.data()[i];
        }
        for (float* row : writes[l][step]) {
          for (std::size_t j = 0; j < sizes[l]; ++j) row[j] += 1.0F;
        }
      }
      benchmark::ClobberMemory();
    }
  }
  state.counters["s_per_step"] = benchmark::Counter(
      static_cast<double>(regime.steps),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// Sixteen sleeps of the tuned regime, on so many threads; wall-clock time.
void batch(benchmark::State& state) {
  const Setting setting = make(tuned);
  const std::vector<float> mean(784, 1.0F);
  std::vector<SleepJob> jobs(16, {.parameters = setting.parameters});
  for (std::size_t j = 0; j < jobs.size(); ++j) jobs[j].seed = j;
  const Sleeper sleeper = {
      .network = setting.network, .maxima = {}, .mean = mean, .shape = {.rows = 28, .columns = 28}};
  const SleepBatch shared = {.sleepers = {&sleeper}};
  const auto threads = static_cast<unsigned>(state.range(0));
  for (auto _ : state) {
    sleep_batch(shared, jobs,
                {.done = [](std::size_t, const Network& slept,
                            const SleepReport&) { benchmark::DoNotOptimize(slept.layers.data()); }},
                {.threads = threads});
  }
}
BENCHMARK(batch)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

BENCHMARK_CAPTURE(engine, authors, authors)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(floor_of, authors, authors)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(engine, tuned, tuned)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(floor_of, tuned, tuned)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(engine, firing_1, firing_1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(floor_of, firing_1, firing_1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(engine, firing_5, firing_5)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(floor_of, firing_5, firing_5)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(engine, firing_20, firing_20)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(floor_of, firing_20, firing_20)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
