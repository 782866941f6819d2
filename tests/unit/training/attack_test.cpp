#include "hypnos/attack.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "hypnos/training.hpp"
#include "hypnos/wake.hpp"
#include "support/networks.hpp"
#include "training/input_gradient.hpp"

namespace hypnos {
namespace {

constexpr std::size_t features = 30;

Network network_of(OutputKind output, std::size_t outputs) {
  TrainingOptions options = modern_protocol();
  options.output = output;
  options.dropout = 0.25;
  options.dropout_form =
      output == OutputKind::relu ? DropoutForm::classical : DropoutForm::inverted;
  const std::size_t sizes[] = {features, 20, 15, outputs};
  return make_network(sizes, options, 3);
}

Dataset samples(std::size_t count, std::size_t classes) {
  Dataset data{
      .name = "made", .shape = {.rows = 5, .columns = 6, .channels = 1}, .classes = classes};
  for (std::size_t i = 0; i < count * features; ++i) {
    data.images.push_back(static_cast<float>((i * 7919 + i / features) % 1000) / 1000);
  }
  for (std::size_t s = 0; s < count; ++s) {
    data.labels.push_back(static_cast<std::uint32_t>(s % classes));
  }
  return data;
}

// The outputs before any ReLU, plainly.
std::vector<double> plain_logits(const Network& network, std::vector<double> below) {
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const Layer& layer = network.layers[l];
    std::vector<double> above(layer.outputs);
    for (std::size_t i = 0; i < layer.outputs; ++i) {
      above[i] = layer.biases.empty() ? 0 : double{layer.biases[i]};
      for (std::size_t j = 0; j < layer.inputs; ++j) {
        above[i] += double{layer.weights[i * layer.inputs + j]} * below[j];
      }
      if (l + 1 < network.layers.size()) {
        above[i] = std::max(above[i], 0.0) * double{network.test_factor()};
      }
    }
    below = above;
  }
  if (network.output == OutputKind::sigmoid) below.insert(below.begin(), 0.0);
  return below;
}

double plain_loss(std::span<const double> logits, double factor, std::uint32_t label) {
  double sum = 0;
  for (const double z : logits) sum += std::exp(factor * z);
  return std::log(sum) - factor * logits[label];
}

TEST(InputGradient, IsTheSlopeOfTheLoss) {
  for (const OutputKind output : {OutputKind::relu, OutputKind::softmax, OutputKind::sigmoid}) {
    const Network network = network_of(output, output == OutputKind::sigmoid ? 1 : 4);
    const Dataset data = samples(3, network.classes());
    Panels images(3, features);
    for (std::size_t s = 0; s < 3; ++s) {
      images.set_row(s, std::span(data.images).subspan(s * features, features));
    }
    InputGradient gradient(network, 3, 2);
    const Panels& found = gradient.of(images, data.labels);
    for (std::size_t s = 0; s < 3; ++s) {
      std::vector<float> slope(features);
      found.get_row(s, slope);
      const auto begin = data.images.begin() + static_cast<std::ptrdiff_t>(s * features);
      const std::vector<double> image(begin, begin + static_cast<std::ptrdiff_t>(features));
      const auto logits = plain_logits(network, image);
      const auto [low, high] = std::minmax_element(logits.begin(), logits.end());
      const double factor = 10 / (*high - *low);
      for (std::size_t j = 0; j < features; ++j) {
        constexpr double step = 1e-6;
        std::vector<double> up = image;
        std::vector<double> down = image;
        up[j] += step;
        down[j] -= step;
        const double difference = plain_loss(plain_logits(network, up), factor, data.labels[s]) -
                                  plain_loss(plain_logits(network, down), factor, data.labels[s]);
        // The gradient is by the scaled logits.
        EXPECT_NEAR(double{slope[j]} * factor, difference / (2 * step), 1e-3) << name_of(output);
      }
    }
  }
}

TEST(Attack, StaysWithinItsBound) {
  const Network network = network_of(OutputKind::softmax, 4);
  const Dataset data = samples(250, 4);
  for (const char* text : {"fgsm=0.1", "pgd=0.1"}) {
    const Dataset seen = distort(network, data, read_distortions(text)[0], 1);
    float most = 0;
    for (std::size_t i = 0; i < data.images.size(); ++i) {
      EXPECT_TRUE(seen.images[i] >= 0 && seen.images[i] <= 1);
      most = std::max(most, std::abs(seen.images[i] - data.images[i]));
    }
    EXPECT_LE(most, 0.1F + 1e-6F) << text;
    EXPECT_GT(most, 0.099F) << text;
  }
}

double accuracy(const Network& network, const Dataset& data) {
  const auto answers = predict(network, data).answers;
  double right = 0;
  for (std::size_t s = 0; s < data.size(); ++s) right += answers[s] == data.labels[s] ? 1 : 0;
  return right / static_cast<double>(data.size());
}

TEST(Attack, DoesMoreHarmThanNoise) {
  const Network network = network_of(OutputKind::softmax, 4);
  Dataset data = samples(250, 4);
  data.labels = predict(network, data).answers;
  const auto after = [&](const char* text) {
    return accuracy(network, distort(network, data, read_distortions(text)[0], 1));
  };
  EXPECT_LT(after("fgsm=0.1"), after("gaussian-noise=0.1") - 0.2);
  EXPECT_LE(after("pgd=0.1"), after("fgsm=0.1"));
}

TEST(Attack, DoesNotDependOnWakingThreadsOrBlocks) {
  const Network network = network_of(OutputKind::softmax, 4);
  Network shrunk = network;
  rescale(shrunk, 0.25);
  const Dataset data = samples(250, 4);
  const Distortion pgd = read_distortions("pgd=0.1")[0];
  const Dataset one = distort(network, data, pgd, 1, {.threads = 1});
  EXPECT_EQ(one.images, distort(network, data, pgd, 1, {.threads = 3}).images);
  EXPECT_NE(one.images, distort(network, data, pgd, 2, {.threads = 1}).images);
  // Rounding may turn a slope of nearly 0 round.
  const Dataset other = distort(shrunk, data, pgd, 1);
  std::size_t differ = 0;
  for (std::size_t i = 0; i < one.images.size(); ++i) {
    differ += std::abs(one.images[i] - other.images[i]) > 1e-4F ? 1 : 0;
  }
  EXPECT_LT(differ, one.images.size() / 100);
}

TEST(Attack, KnowsNormalization) {
  const Network network = network_of(OutputKind::softmax, 4);
  Dataset data = samples(20, 4);
  normalize(data, {.means = {0.5}, .deviations = {0.25}});
  const Dataset seen = distort(network, data, read_distortions("fgsm=0.1")[0], 1);
  float most = 0;
  for (std::size_t i = 0; i < data.images.size(); ++i) {
    most = std::max(most, std::abs(seen.images[i] - data.images[i]));
  }
  EXPECT_NEAR(most, 0.4, 1e-4);  // 0.1 of a pixel
}

TEST(Attack, NeedsDataThatFit) {
  Dataset data = samples(5, 4);
  data.shape.columns = 3;
  data.images.resize(5 * 15);
  EXPECT_THROW(
      distort(network_of(OutputKind::softmax, 4), data, read_distortions("fgsm=0.1")[0], 1),
      InputError);
}

}  // namespace
}  // namespace hypnos
