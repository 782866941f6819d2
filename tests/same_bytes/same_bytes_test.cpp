// Training, predicting and waking give these bytes: with the vector instructions of every machine,
// any number of threads, every compiler and every level of optimization (scripts/same-bytes).

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "hypnos/prediction.hpp"
#include "hypnos/training.hpp"
#include "hypnos/wake.hpp"
#include "support/vector_targets.hpp"

namespace hypnos {
namespace {

// FNV-1a over the bits of numbers.
class Hash {
 public:
  void add(std::span<const float> values) {
    for (const float value : values) {
      hash_ = (hash_ ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001B3;
    }
  }
  void add(const Network& network) {
    for (const Layer& layer : network.layers) {
      add(layer.weights);
      add(layer.biases);
    }
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325;
};

// Noisy patterns, some classes rarer than others.
Dataset made_up_data() {
  constexpr std::size_t samples = 110;
  Dataset data{.name = "made up", .shape = {.rows = 9, .columns = 9, .channels = 1}, .classes = 5};
  RandomSequence random(1, Purpose::subset);
  for (std::size_t s = 0; s < samples; ++s) {
    const std::uint32_t label = s % 4 == 0 ? random.below(5) : random.below(3);
    data.labels.push_back(label);
    RandomSequence pattern(label, Purpose::subset, 1);
    for (std::size_t p = 0; p < 81; ++p) {
      const float pixel = pattern.uniform() < 0.7F ? 0 : pattern.uniform();
      data.images.push_back(pixel * (0.5F + random.uniform() / 2));
    }
  }
  return data;
}

struct Case {
  const char* name;
  TrainingOptions options;
  std::uint64_t trained, predicted, awake;
};

std::vector<Case> cases() {
  TrainingOptions authors = authors_protocol();
  authors.initial_range = 0.1;
  TrainingOptions modern = modern_protocol();
  TrainingOptions other = modern_protocol();
  other.optimizer = Optimizer::adam;
  other.learning_rate = 0.01;
  other.weight_decay = 0.001;
  other.balance = ClassBalance::weights;
  other.augmentation = {.shift = 1.5, .rotation = 20};
  for (TrainingOptions* options : {&authors, &modern, &other}) {
    options->batch_size = 33;  // the last one of an epoch has 11
    options->epochs = 3;
  }
  return {{"authors", authors, 0xC61E72D2ED582B1C, 0x893724559AA5377A, 0x657EB4062F5DB410},
          {"modern", modern, 0x5942A78C4942100F, 0x881C36257FD02CD5, 0x94509C089B7EAD79},
          {"other", other, 0xD79ACF27AECB34C5, 0xE92BC904BF08085F, 0x85AD8E30DE09B937}};
}

class SameBytesTest : public test::VectorTargetTest {};

TEST_P(SameBytesTest, OfTrainingPredictingAndWaking) {
  const Dataset data = made_up_data();
  const std::size_t sizes[] = {81, 100, 53, 5};
  for (const Case& c : cases()) {
    for (const unsigned threads : {1U, 2U, 3U}) {
      SCOPED_TRACE(testing::Message() << c.name << ", threads " << threads);
      Network network = make_network(sizes, c.options, 7);
      train(network, data, c.options, 7, {.threads = threads});
      Hash trained;
      trained.add(network);
      EXPECT_EQ(trained.value(), c.trained) << std::hex << "0x" << trained.value();
      const Prediction prediction = predict(network, data.images, {.threads = threads});
      Hash predicted;
      predicted.add(prediction.outputs);
      predicted.add(prediction.maxima);
      EXPECT_EQ(predicted.value(), c.predicted) << std::hex << "0x" << predicted.value();
      rescale(network, waking_factor(network.output, prediction.outputs, data.labels, 5));
      Hash awake;
      awake.add(network);
      EXPECT_EQ(awake.value(), c.awake) << std::hex << "0x" << awake.value();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, SameBytesTest, test::vector_targets(), test::target_name);

}  // namespace
}  // namespace hypnos
