// A step of training a 784-1200-1200-10 network with batches of 100 samples, and predicting 1,000:
// against the core's peak of fused multiply-adds, against libtorch where that is installed, and two
// threads against one. All in interleaved rounds of one run, as medians: other work on the machine
// slows all of them alike.
//
// usage: training_bench [rounds] [avx2|avx512]

#include <hwy/targets.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "base/products.hpp"
#include "base/stopwatch.hpp"
#include "fma_peak.hpp"
#include "hypnos/prediction.hpp"
#include "hypnos/training.hpp"
#include "training/backpropagation.hpp"
#if HYPNOS_BENCH_TORCH
#include "peers/torch_training.hpp"
#endif

namespace {

using namespace hypnos;

constexpr std::size_t sizes[] = {784, 1200, 1200, 10};
constexpr std::size_t batch_size = 100;
constexpr std::size_t steps = 10;  // in each round
constexpr double step_flop = 2.0 * batch_size * (2 * 784 * 1200 + 3 * 1200 * 1200 + 3 * 1200 * 10);

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <typename Work>
double cpu_time_of(const Work& work) {
  const double start = thread_seconds();
  work();
  return thread_seconds() - start;
}

template <typename Work>
double wall_time_of(const Work& work) {
  const Stopwatch watch;
  work();
  return watch.seconds();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Times of each kind, one for each round.
using Times = std::map<std::string, std::vector<double>>;

double median_ratio(const Times& times, const std::string& a, const std::string& b) {
  std::vector<double> ratios;
  for (std::size_t r = 0; r < times.at(a).size(); ++r) {
    ratios.push_back(times.at(a)[r] / times.at(b)[r]);
  }
  return median(ratios);
}

// As in MNIST, most pixels are 0.
Dataset noise(std::size_t samples) {
  std::mt19937 engine(1);
  std::uniform_real_distribution<float> pixel(-4, 1);
  Dataset data{.name = "noise", .shape = {.rows = 28, .columns = 28, .channels = 1}, .classes = 10};
  for (std::size_t s = 0; s < samples; ++s) {
    data.labels.push_back(static_cast<std::uint32_t>(s % 10));
    for (int j = 0; j < 784; ++j) data.images.push_back(std::max(0.0F, pixel(engine)));
  }
  return data;
}

// Training by our own products, step by step.
class OwnTrainer {
 public:
  OwnTrainer(const Network& network, const Dataset& data, const TrainingOptions& options,
             unsigned threads)
      : team_(threads),
        batch_(data, batch_size, {}, {}, std::nullopt, threads),
        backpropagation_(network, batch_size, make_update_rule(options), 1, team_) {}

  double update(std::span<const std::uint32_t> samples, double learning_rate) {
    batch_.gather(samples, team_);
    return backpropagation_.update(batch_, learning_rate);
  }

 private:
  ThreadTeam team_;
  Batch batch_;
  Backpropagation backpropagation_;
};

class Bench {
 public:
  explicit Bench(int rounds) : rounds_(rounds) {
    order_.resize(data_.size());
    std::iota(order_.begin(), order_.end(), 0U);
    std::shuffle(order_.begin(), order_.end(), std::mt19937(1));
  }

  void peak_and_products();
  void training(const char* name, const TrainingOptions& options);
  void predicting();

 private:
  std::span<const std::uint32_t> batch(std::size_t step) const {
    return std::span(order_).subspan(step * batch_size % order_.size(), batch_size);
  }

  int rounds_;
  Dataset data_ = noise(1000);
  std::vector<std::uint32_t> order_;
  double peak_ = 0;
};

void Bench::peak_and_products() {
  const std::size_t inputs = 1200;
  const std::size_t outputs = 1200;
  std::mt19937 engine(2);
  std::normal_distribution<float> normal;
  const auto filled = [&](std::size_t rows, std::size_t columns) {
    Panels panels(rows, columns);
    std::vector<float> values(rows * columns);
    for (float& value : values) value = 0.03F * normal(engine);
    panels.set_transposed(values);
    return panels;
  };
  LayerPanels layer{.weights = filled(inputs, outputs), .biases = {}};
  std::vector<LayerPanels> kept(1);
  kept[0].weights = Panels(inputs, outputs);
  const Panels below = filled(batch_size, inputs);
  const Panels errors = filled(batch_size, outputs);
  const Panels errors_transposed = filled(outputs, batch_size);
  Panels result(batch_size, outputs);
  Panels back(batch_size, inputs);
  Panels back_transposed(inputs, batch_size);
  Times times;
  double flop = 0;
  for (int r = 0; r < rounds_; ++r) {
    times["peak"].push_back(cpu_time_of([&] { flop = bench::run_fma_peak(1000000); }));
    times["forward"].push_back(cpu_time_of([&] {
      for (std::size_t s = 0; s < steps; ++s) {
        multiply_forward({.samples = batch_size,
                          .below = below,
                          .layer = layer,
                          .result = result,
                          .activation = Activation::rectified},
                         {});
      }
    }));
    times["errors back"].push_back(cpu_time_of([&] {
      for (std::size_t s = 0; s < steps; ++s) {
        multiply_backward({.samples = batch_size,
                           .weights = layer.weights,
                           .errors = errors_transposed,
                           .activations = below,
                           .scale = 1,
                           .below = back,
                           .below_transposed = back_transposed},
                          {});
      }
    }));
    times["gradient and step"].push_back(cpu_time_of([&] {
      for (std::size_t s = 0; s < steps; ++s) {
        multiply_gradient({.samples = batch_size,
                           .below = below,
                           .errors = errors,
                           .step = MomentumStep{.rate = 1e-5F, .decay = 0, .momentum = 0.9F},
                           .layer = layer,
                           .kept = kept},
                          {});
      }
    }));
  }
  peak_ = flop / median(times["peak"]);
  std::printf("%s, peak of fused multiply-adds: %.1f GFLOP/s\n",
              std::string(vector_target()).c_str(), peak_ / 1e9);
  for (const char* name : {"forward", "errors back", "gradient and step"}) {
    const double rate = 2.0 * batch_size * 1200 * 1200 * steps / median(times[name]);
    std::printf("  %s 1200 x 1200: %.1f GFLOP/s, %.2f of the peak\n", name, rate / 1e9,
                rate / peak_);
  }
}

void Bench::training(const char* name, const TrainingOptions& options) {
  const Network network = make_network(sizes, options, 1);
  OwnTrainer one(network, data_, options, 1);
  OwnTrainer two(network, data_, options, 2);
  const double rate = 0.1 * options.learning_rate;
  const auto run = [&](auto& trainer) {
    return [&] {
      for (std::size_t s = 0; s < steps; ++s) trainer.update(batch(s), rate);
    };
  };
#if HYPNOS_BENCH_TORCH
  bench::TorchTrainer torch(network, options, 1);
  const auto run_torch = [&] {
    for (std::size_t s = 0; s < steps; ++s) torch.update(data_, batch(s), rate);
  };
#endif
  Times times;
  for (int r = 0; r < rounds_; ++r) {
    times["own"].push_back(cpu_time_of(run(one)));
#if HYPNOS_BENCH_TORCH
    times["torch"].push_back(cpu_time_of(run_torch));
#endif
    times["wall of one"].push_back(wall_time_of(run(one)));
    times["wall of two"].push_back(wall_time_of(run(two)));
  }
  const double step = median(times["own"]) / steps;
  std::printf("step of training, %s protocol: %.3f ms, %.2f of the peak\n", name, 1e3 * step,
              step_flop / step / peak_);
#if HYPNOS_BENCH_TORCH
  std::printf("  libtorch: %.3f ms; own / libtorch: %.3f\n", 1e3 * median(times["torch"]) / steps,
              median_ratio(times, "own", "torch"));
#endif
  const auto least = [&](const char* kind) {
    return *std::min_element(times[kind].begin(), times[kind].end());
  };
  std::printf("  one thread / two threads: %.2f (median), %.2f (best of each)\n",
              median_ratio(times, "wall of one", "wall of two"),
              least("wall of one") / least("wall of two"));
}

void Bench::predicting() {
  const Network network = make_network(sizes, modern_protocol(), 1);
  Times times;
  for (int r = 0; r < rounds_; ++r) {
    times["own"].push_back(cpu_time_of([&] { predict(network, data_.images); }));
#if HYPNOS_BENCH_TORCH
    times["torch"].push_back(cpu_time_of([&] { bench::torch_outputs(network, data_); }));
#endif
  }
  const double flop = 2.0 * 1000 * (784 * 1200 + 1200 * 1200 + 1200 * 10);
  const double seconds = median(times["own"]);
  std::printf("predicting 1,000 samples: %.2f ms, %.2f of the peak\n", 1e3 * seconds,
              flop / seconds / peak_);
#if HYPNOS_BENCH_TORCH
  std::printf("  libtorch: %.2f ms; own / libtorch: %.3f\n", 1e3 * median(times["torch"]),
              median_ratio(times, "own", "torch"));
#endif
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
  const std::string target = argc > 2 ? argv[2] : "";
  if (target == "avx2") {
    // The peer, too: its libraries read these when they are loaded.
    if (std::getenv("ATEN_CPU_CAPABILITY") == nullptr) {
      setenv("ATEN_CPU_CAPABILITY", "avx2", 1);
      setenv("OPENBLAS_CORETYPE", "Haswell", 1);
      execv("/proc/self/exe", argv);
    }
    hwy::SetSupportedTargetsForTest(HWY_AVX2);
  } else if (target == "avx512") {
    hwy::SetSupportedTargetsForTest(HWY_AVX3);
  }
  Bench bench(rounds);
  bench.peak_and_products();
  bench.training("authors", authors_protocol());
  bench.training("modern", modern_protocol());
  bench.predicting();
}
