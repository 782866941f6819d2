#include "hypnos/nearest_neighbor.hpp"

#include <algorithm>
#include <cassert>

#include "baselines/closed_form.hpp"
#include "baselines/linear_algebra.hpp"

namespace hypnos {
namespace {

// The training samples, ready to be compared with others.
class Neighbors {
 public:
  explicit Neighbors(const Dataset& training) : training_(training) {
    samples_.reserve(training.size() * training.shape.features());
    squares_.reserve(training.size());
    std::vector<float> buffer(training.shape.features());
    for (std::size_t s = 0; s < training.size(); ++s) {
      const auto image = training.image(s, buffer);
      samples_.insert(samples_.end(), image.begin(), image.end());
      double sum = 0;
      for (const float x : image) sum += double{x} * double{x};
      squares_.push_back(sum);
    }
  }

  // [images x training samples]: |t|^2 - 2 x.t, the squared distance but for what is the same for
  // all training samples.
  std::vector<double> distances(std::span<const float> images, const Execution& execution) const {
    const std::vector<double> x(images.begin(), images.end());
    auto result = product_with_transposed(x, samples_, training_.shape.features(), execution);
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = squares_[i % squares_.size()] - 2 * result[i];
    }
    return result;
  }

  // The answers by each number of neighbors.
  std::vector<std::uint32_t> answers(std::span<const double> distances,
                                     std::span<const std::size_t> numbers) {
    assert(numbers.back() <= distances.size());
    order_.resize(distances.size());
    for (std::size_t s = 0; s < order_.size(); ++s) order_[s] = s;
    const auto nearest = order_.begin() + static_cast<std::ptrdiff_t>(numbers.back());
    std::partial_sort(order_.begin(), nearest, order_.end(), [&](std::size_t a, std::size_t b) {
      return distances[a] != distances[b] ? distances[a] < distances[b] : a < b;
    });
    std::vector<std::size_t> votes(training_.classes, 0);
    std::vector<std::uint32_t> result;
    result.reserve(numbers.size());
    std::size_t counted = 0;
    for (const std::size_t number : numbers) {
      for (; counted < number; ++counted) ++votes[training_.labels[order_[counted]]];
      result.push_back(winner(votes, number));
    }
    return result;
  }

 private:
  std::uint32_t winner(std::span<const std::size_t> votes, std::size_t number) const {
    const std::size_t most = *std::max_element(votes.begin(), votes.end());
    const auto first =
        std::find_if(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(number),
                     [&](std::size_t sample) { return votes[training_.labels[sample]] == most; });
    return training_.labels[*first];
  }

  const Dataset& training_;
  std::vector<double> samples_;
  std::vector<double> squares_;
  std::vector<std::size_t> order_;
};

constexpr double never = 1e300;

}  // namespace

ClosedFormAnswers classify_by_nearest_neighbors(const Dataset& training, const Dataset& test,
                                                std::span<const std::size_t> numbers,
                                                const Execution& execution) {
  check_same_kind(training, test);
  assert(!numbers.empty() && std::is_sorted(numbers.begin(), numbers.end()));
  while (numbers.size() > 1 && numbers.back() >= training.size()) {
    numbers = numbers.first(numbers.size() - 1);
  }
  Neighbors neighbors(training);
  const std::size_t n = training.size();
  const auto distances_of = [&](std::span<const float> images, const Progress& progress) {
    return neighbors.distances(images, {.threads = execution.threads, .progress = progress});
  };
  std::vector<std::size_t> right(numbers.size(), 0);
  std::size_t sample = 0;
  const Progress leaving_out = execution.progress.stretch(0, 0.5);
  for_each_block(training, leaving_out, [&](std::span<const float> images, const Progress& told) {
    auto distances = distances_of(images, told);
    for (std::size_t first = 0; first < distances.size(); first += n, ++sample) {
      const auto row = std::span(distances).subspan(first, n);
      row[sample] = never;
      const auto answers = neighbors.answers(row, numbers);
      for (std::size_t k = 0; k < numbers.size(); ++k) {
        right[k] += answers[k] == training.labels[sample] ? 1 : 0;
      }
    }
  });
  const auto best = std::max_element(right.begin(), right.end());
  const auto chosen = numbers.subspan(static_cast<std::size_t>(best - right.begin()), 1);
  ClosedFormAnswers result{.answers = {},
                           .chosen = static_cast<double>(chosen.front()),
                           .leave_one_out = static_cast<double>(*best) / static_cast<double>(n)};
  const Progress answering = execution.progress.stretch(0.5, 1);
  for_each_block(test, answering, [&](std::span<const float> images, const Progress& told) {
    const auto distances = distances_of(images, told);
    for (std::size_t first = 0; first < distances.size(); first += n) {
      result.answers.push_back(
          neighbors.answers(std::span(distances).subspan(first, n), chosen).front());
    }
  });
  return result;
}

}  // namespace hypnos
