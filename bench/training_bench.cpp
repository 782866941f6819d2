// One epoch of training a 784-1200-1200-10 network on 2,000 samples (20 updates) on one thread:
// Hypnos, and the same loop written plainly in libtorch with its modules, automatic gradients and
// optimizer. Beside them what the matrix products alone take.

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <random>

#include "hypnos/training.hpp"

namespace {

constexpr std::int64_t samples = 2000;
constexpr std::int64_t batch = 100;
// Multiplications and additions of an epoch's products: forward, errors back, gradients.
constexpr double epoch_flop = 2.0 * samples * (2 * 784 * 1200 + 3 * 1200 * 1200 + 3 * 1200 * 10);

void report_rate(benchmark::State& state, double flop) {
  state.counters["flop"] = benchmark::Counter(flop, benchmark::Counter::kIsIterationInvariantRate);
}

hypnos::Dataset noise() {
  std::mt19937 engine(1);
  std::uniform_real_distribution<float> pixel(0, 1);
  hypnos::Dataset data{
      .name = "noise", .shape = {.rows = 28, .columns = 28, .channels = 1}, .classes = 10};
  for (std::int64_t s = 0; s < samples; ++s) {
    data.labels.push_back(static_cast<std::uint32_t>(s % 10));
    for (int j = 0; j < 784; ++j) data.images.push_back(pixel(engine));
  }
  return data;
}

void hypnos_epoch(benchmark::State& state, const hypnos::TrainingOptions& protocol) {
  torch::set_num_threads(1);
  const hypnos::Dataset data = noise();
  hypnos::TrainingOptions options = protocol;
  options.epochs = 1;
  const std::size_t sizes[] = {784, 1200, 1200, 10};
  hypnos::Network network = hypnos::make_network(sizes, options, 1);
  for (auto _ : state) hypnos::train(network, data, options, 1);
  report_rate(state, epoch_flop);
}

void plain_epoch(benchmark::State& state, const hypnos::TrainingOptions& protocol) {
  torch::set_num_threads(1);
  hypnos::Dataset data = noise();
  const bool authors = protocol.output == hypnos::OutputKind::relu;
  torch::nn::Sequential model;
  const std::int64_t sizes[] = {784, 1200, 1200, 10};
  for (std::size_t l = 0; l < 3; ++l) {
    model->push_back(
        torch::nn::Linear(torch::nn::LinearOptions(sizes[l], sizes[l + 1]).bias(protocol.biases)));
    if (l == 2) break;
    model->push_back(torch::nn::ReLU());
    model->push_back(torch::nn::Dropout(protocol.dropout));
  }
  if (authors) model->push_back(torch::nn::ReLU());
  torch::optim::SGD optimizer(
      model->parameters(),
      torch::optim::SGDOptions(protocol.learning_rate).momentum(protocol.momentum));
  const auto images = torch::from_blob(data.images.data(), {samples, 784});
  std::vector<std::int64_t> label_values(data.labels.begin(), data.labels.end());
  const auto labels = torch::tensor(label_values);
  const auto targets = torch::one_hot(labels, 10).to(torch::kFloat);
  for (auto _ : state) {
    const auto order = torch::randperm(samples);
    for (std::int64_t first = 0; first < samples; first += batch) {
      const auto chosen = order.slice(0, first, first + batch);
      optimizer.zero_grad();
      const auto output = model->forward(images.index_select(0, chosen));
      const auto loss =
          authors ? 0.5 * (targets.index_select(0, chosen) - output).square().sum() / batch
                  : torch::nn::functional::cross_entropy(output, labels.index_select(0, chosen));
      loss.backward();
      optimizer.step();
    }
  }
  report_rate(state, epoch_flop);
}

void matrix_products(benchmark::State& state) {
  // Only the products that training cannot do without: the floor.
  torch::set_num_threads(1);
  const torch::NoGradGuard no_gradients;
  const auto x = torch::rand({batch, 784});
  const auto h = torch::rand({batch, 1200});
  const auto d = torch::rand({batch, 10});
  const auto w1 = torch::rand({1200, 784});
  const auto w2 = torch::rand({1200, 1200});
  const auto w3 = torch::rand({10, 1200});
  auto out = torch::empty({batch, 1200});
  auto out3 = torch::empty({batch, 10});
  auto g1 = torch::empty({1200, 784});
  auto g2 = torch::empty({1200, 1200});
  auto g3 = torch::empty({10, 1200});
  for (auto _ : state) {
    for (std::int64_t first = 0; first < samples; first += batch) {
      torch::mm_out(out, x, w1.t());
      torch::mm_out(out, h, w2.t());
      torch::mm_out(out3, h, w3.t());
      torch::mm_out(out, d, w3);
      torch::mm_out(out, h, w2);
      torch::mm_out(g3, d.t(), h);
      torch::mm_out(g2, h.t(), h);
      torch::mm_out(g1, h.t(), x);
    }
  }
  report_rate(state, epoch_flop);
}

void square_product(benchmark::State& state) {
  // What the processor does at best: a product that is large enough for the work around it to
  // vanish.
  torch::set_num_threads(1);
  const torch::NoGradGuard no_gradients;
  constexpr std::int64_t side = 2048;
  const auto a = torch::rand({side, side});
  const auto b = torch::rand({side, side});
  auto out = torch::empty({side, side});
  for (auto _ : state) torch::mm_out(out, a, b);
  report_rate(state, 2.0 * side * side * side);
}

BENCHMARK_CAPTURE(hypnos_epoch, authors, hypnos::authors_protocol())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plain_epoch, authors, hypnos::authors_protocol())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hypnos_epoch, modern, hypnos::modern_protocol())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plain_epoch, modern, hypnos::modern_protocol())->Unit(benchmark::kMillisecond);
BENCHMARK(matrix_products)->Unit(benchmark::kMillisecond);
BENCHMARK(square_product)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
