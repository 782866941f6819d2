// What else keeps from forgetting, beside plain and slow ways to the same.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/training.hpp"
#include "support/networks.hpp"
#include "tasks/class_statistics.hpp"
#include "tasks/distillation.hpp"
#include "tasks/exemplars.hpp"
#include "tasks/importance.hpp"

namespace hypnos {
namespace {

constexpr std::size_t sizes[] = {12, 9, 4};

std::vector<std::uint32_t> all_of(const Dataset& data) {
  std::vector<std::uint32_t> all(data.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TEST(Distillation, KnownOutputsAreToStay) {
  const Dataset data = test::toy_data(10, 3, 4, 4, 1);
  Network network = test::random_network(sizes, -0.5, 1, 1);
  network.output = OutputKind::relu;
  const std::vector<std::uint32_t> known = {0, 2};
  const auto targets = distillation_targets(network, data, known, 4, {});
  const auto outputs = predict(network, data).outputs;
  for (std::size_t s = 0; s < data.size(); ++s) {
    for (const std::uint32_t c : known) EXPECT_EQ(targets[4 * s + c], outputs[4 * s + c]);
    for (const std::uint32_t c : {1U, 3U}) {
      EXPECT_EQ(targets[4 * s + c], data.labels[s] == c ? 1 : 0);
    }
  }
}

TEST(Distillation, OfProbabilitiesIsAMixture) {
  const Dataset data = test::toy_data(10, 3, 4, 4, 1);
  const Network network = test::random_network(sizes, -0.5, 1, 1);
  const std::vector<std::uint32_t> known = {0, 2};
  const auto targets = distillation_targets(network, data, known, 3, {});
  const auto outputs = predict(network, data).outputs;
  for (std::size_t s = 0; s < data.size(); ++s) {
    const double zero = std::exp(double{outputs[4 * s]});
    const double two = std::exp(double{outputs[4 * s + 2]});
    const auto expected = [&](std::uint32_t c, double answer) {
      return (data.labels[s] == c ? 1.0 / 3 : 0) + 2.0 / 3 * answer;
    };
    EXPECT_NEAR(targets[4 * s], expected(0, zero / (zero + two)), 1e-6);
    EXPECT_NEAR(targets[4 * s + 2], expected(2, two / (zero + two)), 1e-6);
    EXPECT_NEAR(targets[4 * s + 1], expected(1, 0), 1e-6);
  }
}

// The loss of one sample, in double precision as far as predict() goes.
double loss_of(const Network& network, const Dataset& data, std::size_t sample) {
  const std::vector<std::uint32_t> one = {static_cast<std::uint32_t>(sample)};
  const auto z = predict(network, select(data, one)).outputs;
  double sum = 0;
  for (const float logit : z) sum += std::exp(double{logit});
  return std::log(sum) - double{z[data.labels[sample]]};
}

TEST(WeightImportance, IsTheMeanSquareOfTheGradient) {
  const Dataset data = test::toy_data(6, 3, 4, 4, 1);
  Network network = test::random_network(sizes, -0.5, 0.5, 1, true);
  network.dropout = 0.25F;
  network.dropout_form = DropoutForm::classical;
  const auto importance = weight_importance(network, data, 5, {});
  constexpr float step = 1e-2F;
  for (const auto& [layer, weight] :
       {std::pair{0, 3}, std::pair{0, 50}, std::pair{1, 0}, std::pair{1, 20}, std::pair{1, 35}}) {
    double mean = 0;
    for (std::size_t s = 0; s < 5; ++s) {
      Network changed = network;
      float& w =
          changed.layers[static_cast<std::size_t>(layer)].weights[static_cast<std::size_t>(weight)];
      const float before = w;
      w = before + step;
      const double above = loss_of(changed, data, s);
      w = before - step;
      const double gradient = (above - loss_of(changed, data, s)) / (2 * double{step});
      mean += gradient * gradient / 5;
    }
    EXPECT_NEAR(
        importance[static_cast<std::size_t>(layer)].weights[static_cast<std::size_t>(weight)], mean,
        0.02 * mean + 1e-6);
  }
  EXPECT_GT(importance[1].biases[0], 0);
}

// By the definition: the next sample is the one with which the mean comes nearest.
TEST(Exemplars, AreHerded) {
  const Dataset data = test::toy_data(30, 3, 4, 4, 1);
  const Network network = test::random_network(sizes, -0.5, 1, 1);
  std::vector<std::vector<double>> features;
  predict(network, data, {}, [&](std::size_t layer, std::size_t, std::span<const float> all) {
    if (layer != 0) return;
    for (std::size_t s = 0; s < all.size() / 9; ++s) {
      std::vector<double> row(all.begin() + static_cast<std::ptrdiff_t>(9 * s),
                              all.begin() + static_cast<std::ptrdiff_t>(9 * s + 9));
      const double length = std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0));
      for (double& x : row) x /= length;
      features.push_back(row);
    }
  });
  std::vector<double> mean(9, 0.0);
  for (const auto& row : features) {
    for (std::size_t i = 0; i < 9; ++i) mean[i] += row[i] / 30;
  }
  std::vector<std::uint32_t> expected;
  std::vector<double> sum(9, 0.0);
  for (int k = 1; k <= 5; ++k) {
    double least = 1e9;
    std::uint32_t best = 0;
    for (std::uint32_t s = 0; s < 30; ++s) {
      if (std::find(expected.begin(), expected.end(), s) != expected.end()) continue;
      double distance = 0;
      for (std::size_t i = 0; i < 9; ++i) {
        distance += std::pow(mean[i] - (sum[i] + features[s][i]) / k, 2);
      }
      if (distance < least) {
        least = distance;
        best = s;
      }
    }
    for (std::size_t i = 0; i < 9; ++i) sum[i] += features[best][i];
    expected.push_back(best);
  }
  EXPECT_EQ(choose_exemplars(Exemplars::herding, network, data, all_of(data), 5, 1, {}), expected);
}

TEST(Exemplars, AtRandomDependOnTheSeed) {
  const Dataset data = test::toy_data(30, 3, 4, 4, 1);
  const Network network = test::random_network(sizes, -0.5, 1, 1);
  const auto chosen = [&](std::uint64_t seed) {
    return choose_exemplars(Exemplars::random, network, data, all_of(data), 5, seed, {});
  };
  EXPECT_EQ(chosen(1).size(), 5U);
  EXPECT_EQ(chosen(1), chosen(1));
  EXPECT_NE(chosen(1), chosen(2));
}

TEST(Exemplars, WithAllImagesTheMeansAreThoseOfTheClasses) {
  const Dataset data = test::toy_data(200, 3, 4, 4, 1);
  TrainingOptions options = modern_protocol();
  options.epochs = 20;
  Network network = make_network(sizes, options, 1);
  train(network, data, options, 1);
  std::vector<std::vector<std::uint32_t>> of_class(4);
  for (std::uint32_t s = 0; s < data.size(); ++s) of_class[data.labels[s]].push_back(s);
  const auto answers = nearest_exemplar_means(network, data, of_class, data, {});
  double right = 0;
  for (std::size_t s = 0; s < data.size(); ++s) right += answers[s] == data.labels[s] ? 1 : 0;
  EXPECT_GT(right / 200, 0.95);
  of_class[2].clear();
  for (const std::uint32_t answer : nearest_exemplar_means(network, data, of_class, data, {})) {
    EXPECT_NE(answer, 2U) << "a class without exemplars is no answer";
  }
}

// Gauss-Jordan elimination, as plain as it gets.
std::vector<double> inverse_of(std::vector<double> a, std::size_t n) {
  std::vector<double> inverse(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) inverse[i * n + i] = 1;
  for (std::size_t i = 0; i < n; ++i) {
    const double pivot = a[i * n + i];
    for (std::size_t j = 0; j < n; ++j) {
      a[i * n + j] /= pivot;
      inverse[i * n + j] /= pivot;
    }
    for (std::size_t r = 0; r < n; ++r) {
      if (r == i) continue;
      const double factor = a[r * n + i];
      for (std::size_t j = 0; j < n; ++j) {
        a[r * n + j] -= factor * a[i * n + j];
        inverse[r * n + j] -= factor * inverse[i * n + j];
      }
    }
  }
  return inverse;
}

TEST(ClassStatistics, AnswerByTheFormulas) {
  const Dataset data = test::toy_data(120, 3, 4, 4, 1);
  constexpr std::size_t n = 12;
  constexpr double ridge = 0.05;
  ClassStatistics statistics(4, n, true);
  const auto all = all_of(data);
  statistics.add(data, std::span(all).first(50));
  statistics.add(data, std::span(all).subspan(50));
  std::vector<std::vector<double>> means(4, std::vector<double>(n, 0.0));
  std::vector<double> counts(4, 0.0);
  for (std::size_t s = 0; s < data.size(); ++s) {
    ++counts[data.labels[s]];
    for (std::size_t i = 0; i < n; ++i) means[data.labels[s]][i] += double{data.images[s * n + i]};
  }
  for (std::size_t c = 0; c < 4; ++c) {
    for (double& x : means[c]) x /= counts[c];
  }
  std::vector<double> matrix(n * n, 0.0);
  for (std::size_t s = 0; s < data.size(); ++s) {
    const auto& mean = means[data.labels[s]];
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        matrix[i * n + j] += (1 - ridge) / 120 * (double{data.images[s * n + i]} - mean[i]) *
                             (double{data.images[s * n + j]} - mean[j]);
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) matrix[i * n + i] += ridge;
  const std::vector<double> precision = inverse_of(matrix, n);
  const auto nearest = statistics.nearest_means(data);
  const auto discriminant = statistics.discriminant(data, ridge);
  for (std::size_t s = 0; s < data.size(); ++s) {
    std::vector<double> distance(4, 0.0);
    std::vector<double> score(4, 0.0);
    for (std::size_t c = 0; c < 4; ++c) {
      for (std::size_t i = 0; i < n; ++i) {
        distance[c] += std::pow(double{data.images[s * n + i]} - means[c][i], 2);
        for (std::size_t j = 0; j < n; ++j) {
          score[c] += means[c][i] * precision[i * n + j] *
                      (double{data.images[s * n + j]} - means[c][j] / 2);
        }
      }
    }
    EXPECT_EQ(nearest[s], std::min_element(distance.begin(), distance.end()) - distance.begin());
    EXPECT_EQ(discriminant[s], std::max_element(score.begin(), score.end()) - score.begin());
  }
}

TEST(ClassStatistics, ClassesThatWereNotSeenAreNoAnswer) {
  const Dataset data = test::toy_data(120, 3, 4, 4, 1);
  ClassStatistics statistics(4, 12, true);
  std::vector<std::uint32_t> seen;
  for (std::uint32_t s = 0; s < data.size(); ++s) {
    if (data.labels[s] == 1 || data.labels[s] == 2) seen.push_back(s);
  }
  statistics.add(data, seen);
  for (const auto& answers : {statistics.nearest_means(data), statistics.discriminant(data, 0.1)}) {
    for (const std::uint32_t answer : answers) EXPECT_TRUE(answer == 1 || answer == 2);
  }
}

}  // namespace
}  // namespace hypnos
