// The promise of same bytes: train, sleep, wake, fine-tune and measure, with each kind of vector
// instructions that the machine has and with 1, 2 and 3 threads. The checksums below hold on every
// machine and for every compiler.

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <map>
#include <string>

#include "base/products.hpp"
#include "base/random.hpp"
#include "data/checksum.hpp"
#include "hypnos/presets.hpp"
#include "hypnos/stages.hpp"
#include "support/vector_targets.hpp"

namespace hypnos {
namespace {

// Five classes, each a pattern under noise. Sizes are no multiples of any vector.
Dataset made_up_data(std::size_t samples, std::uint64_t seed) {
  Dataset data{.name = "made up", .shape = {.rows = 13, .columns = 13}, .classes = 5};
  RandomSequence pattern(1, Purpose::weights, 99);
  std::vector<float> patterns(data.classes * data.shape.features());
  for (float& p : patterns) p = pattern.uniform() > 0.7F ? 1.0F : 0.0F;
  RandomSequence noise(seed, Purpose::weights, 100);
  for (std::size_t s = 0; s < samples; ++s) {
    const std::size_t label = s % data.classes;
    data.labels.push_back(static_cast<std::uint32_t>(label));
    for (std::size_t j = 0; j < data.shape.features(); ++j) {
      const float p = patterns[label * data.shape.features() + j];
      data.images.push_back(0.5F * p + 0.5F * noise.uniform());
    }
  }
  return data;
}

std::string checksum(const Network& network) {
  std::string bytes;
  const auto add = [&](const std::vector<float>& values) {
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  };
  for (const Layer& layer : network.layers) {
    add(layer.weights);
    add(layer.biases);
  }
  return sha256(bytes).substr(0, 16);
}

SleepParameters some_sleep() {
  SleepParameters parameters = load_parameters("authors-fashion-mnist-1pct");
  parameters.steps = 600;
  parameters.max_rate = 300;
  parameters.firing = TargetRates{.values = {0.01, 0.02, 0.004}};
  parameters.increment = 0.001;
  parameters.decrement = 0.0002;
  return parameters;
}

// What each stage leaves: checksums of the network, and the accuracy at the end.
std::vector<std::string> run_all(const TrainingOptions& options, unsigned threads) {
  const Dataset data = made_up_data(157, 2);
  const Execution execution{.threads = threads};
  const Recipe recipe{.data = {}, .subset = {}, .seed = 7, .training = options, .history = {}};
  const std::size_t hidden[] = {101, 67};
  TrainedNetwork trained = stages::begin(recipe, data, hidden);
  std::vector<std::string> found;
  stages::train(trained, data, execution);
  found.push_back(checksum(trained.network));
  stages::sleep(trained, &data, {.parameters = some_sleep()}, execution);
  found.push_back(checksum(trained.network));
  stages::wake(trained, data, execution);
  found.push_back(checksum(trained.network));
  TrainingOptions further = finetuning_after(options);
  further.epochs = 2;
  stages::finetune(trained, data, further, execution);
  found.push_back(checksum(trained.network));
  const Metrics metrics = stages::measure(trained.network, made_up_data(311, 3), execution).metrics;
  found.push_back(sha256(std::to_string(metrics.accuracy) + std::to_string(metrics.macro_f1) +
                         std::to_string(metrics.geometric_mean))
                      .substr(0, 16));
  return found;
}

TrainingOptions few_epochs(TrainingOptions options) {
  options.epochs = 4;
  options.batch_size = 37;
  return options;
}

std::map<std::string, TrainingOptions> protocols() {
  TrainingOptions authors = few_epochs(authors_protocol());
  authors.initial_range = 0.1;
  TrainingOptions adam = few_epochs(with_options(modern_protocol(), {{"optimizer", "adam"}}));
  adam.weight_decay = 0.01;
  adam.balance = ClassBalance::weights;
  TrainingOptions moved = few_epochs(modern_protocol());
  moved.augmentation = {.shift = 1.5, .rotation = 15};
  moved.weight_decay = 0.001;
  return {{"authors", authors},
          {"modern", few_epochs(modern_protocol())},
          {"adam", adam},
          {"moved", moved}};
}

// After training, sleep, waking, fine-tuning; of the metrics.
const std::map<std::string, std::vector<std::string>> expected = {
    {"adam",
     {"79529933ff88c57e", "c496fc0108ecc5d4", "f051d2998e94baef", "b3c9b0bb8854b7d3",
      "0976b4edeca367f0"}},
    {"authors",
     {"3229b7224a45643c", "0362896b513cb157", "3570cc2c3db8f718", "c1f6f52b46039b38",
      "7112a1692dadfcc4"}},
    {"modern",
     {"c88c7609908b90a2", "bdfe7c45b8054d4d", "d8ef32e6b5bd1b97", "5aa80c62757d18c6",
      "24b9b641387cbd20"}},
    {"moved",
     {"dc792296447f282e", "7467c0c15c33d45c", "5af5cb71b42c44e1", "647fe2aba8faf8db",
      "3480e4553bf806d5"}}};

class SameBytes : public test::VectorTargetTest {};

TEST_P(SameBytes, WithEveryNumberOfThreads) {
  // Emulated instructions are slow.
  const std::vector<unsigned> numbers =
      has_fused_multiply_add() ? std::vector{1U, 2U, 3U} : std::vector{2U};
  for (const auto& [name, options] : protocols()) {
    for (const unsigned threads : numbers) {
      EXPECT_EQ(run_all(options, threads), expected.at(name)) << name << ", " << threads;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, SameBytes, test::vector_targets(), test::target_name);

}  // namespace
}  // namespace hypnos
