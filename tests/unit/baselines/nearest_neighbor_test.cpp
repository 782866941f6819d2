#include "hypnos/nearest_neighbor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "hypnos/error.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

// One answer, by sorting all training samples but one.
std::uint32_t plain_answer(const Dataset& training, std::span<const float> image, std::size_t k,
                           std::size_t left_out) {
  std::vector<std::pair<double, std::uint32_t>> by_distance;
  for (std::size_t s = 0; s < training.size(); ++s) {
    if (s == left_out) continue;
    double distance = 0;
    for (std::size_t j = 0; j < image.size(); ++j) {
      const double difference = double{test::image_of(training, s)[j]} - double{image[j]};
      distance += difference * difference;
    }
    by_distance.emplace_back(distance, training.labels[s]);
  }
  std::sort(by_distance.begin(), by_distance.end());
  std::map<std::uint32_t, std::size_t> votes;
  for (std::size_t i = 0; i < k; ++i) ++votes[by_distance[i].second];
  std::size_t most = 0;
  for (const auto& vote : votes) most = std::max(most, vote.second);
  std::size_t first = 0;
  while (votes[by_distance[first].second] < most) ++first;
  return by_distance[first].second;
}

// Images whose labels are told from them in two thirds of cases.
Dataset noisy_data(std::size_t samples, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<float> noise(0, 0.6F);
  Dataset data{.name = "noisy", .shape = {.rows = 2, .columns = 2, .channels = 1}, .classes = 3};
  for (std::size_t s = 0; s < samples; ++s) {
    const auto label = static_cast<std::uint32_t>(engine() % 3);
    data.labels.push_back(label);
    for (std::size_t j = 0; j < 4; ++j)
      data.images.push_back((j == label ? 1.0F : 0.0F) + noise(engine));
  }
  return data;
}

TEST(NearestNeighbors, AgreeWithBruteForce) {
  const Dataset training = noisy_data(120, 1);
  const Dataset test = noisy_data(700, 2);
  const std::size_t numbers[] = {1, 2, 3, 4, 5, 9, 15};
  std::size_t best = 0;
  std::size_t best_right = 0;
  for (const std::size_t k : numbers) {
    std::size_t right = 0;
    for (std::size_t s = 0; s < training.size(); ++s) {
      right +=
          plain_answer(training, test::image_of(training, s), k, s) == training.labels[s] ? 1 : 0;
    }
    if (right > best_right) {
      best = k;
      best_right = right;
    }
  }
  const ClosedFormAnswers found = classify_by_nearest_neighbors(training, test, numbers);
  EXPECT_EQ(found.chosen, static_cast<double>(best));
  EXPECT_GT(best, 1U) << "or the votes are not tested";
  EXPECT_DOUBLE_EQ(found.leave_one_out, static_cast<double>(best_right) / 120);
  ASSERT_EQ(found.answers.size(), test.size());
  for (std::size_t s = 0; s < test.size(); ++s) {
    EXPECT_EQ(found.answers[s],
              plain_answer(training, test::image_of(test, s), best, training.size()))
        << s;
  }
}

TEST(NearestNeighbors, NumbersThatAreTooLargeAreLeftOut) {
  const Dataset data = test::toy_data(4, 3, 3, 2, 1);
  const std::size_t numbers[] = {1, 3, 5, 7};
  EXPECT_LE(classify_by_nearest_neighbors(data, data, numbers).chosen, 3);
  const Dataset one = test::toy_data(1, 3, 3, 2, 1);
  EXPECT_EQ(classify_by_nearest_neighbors(one, data, numbers).answers,
            (std::vector<std::uint32_t>{0, 0, 0, 0}));
}

TEST(NearestNeighbors, StopWhenAskedAndRefuseWhatDoesNotFit) {
  const Dataset data = test::toy_data(1200, 3, 3, 2, 1);
  const std::size_t numbers[] = {1};
  double reached = 0;
  const Execution stopping{.progress = Progress([&](double part, std::string_view) {
                             reached = part;
                             return part < 0.7;
                           })};
  EXPECT_THROW(classify_by_nearest_neighbors(data, data, numbers, stopping), Stopped);
  EXPECT_NEAR(reached, 0.7, 0.25);
  EXPECT_THROW(classify_by_nearest_neighbors(data, test::toy_data(4, 2, 2, 2, 1), numbers),
               InputError);
}

}  // namespace
}  // namespace hypnos
