#include "tasks/class_statistics.hpp"

#include <algorithm>
#include <array>

#include "baselines/cholesky.hpp"
#include "hypnos/error.hpp"
#include "tasks/dot.hpp"

namespace hypnos {
namespace {

// The answers of linear scores: the class of the largest one.
std::vector<std::uint32_t> largest_scores(const Dataset& data,
                                          std::span<const std::uint32_t> labels,
                                          std::span<const std::vector<double>> directions,
                                          std::span<const double> offsets,
                                          const Progress& progress) {
  std::vector<std::uint32_t> answers(data.size());
  std::vector<float> buffer(data.shape.features());
  for (std::size_t s = 0; s < data.size(); ++s) {
    progress.tell(static_cast<double>(s) / static_cast<double>(data.size()));
    const auto image = data.image(s, buffer);
    double best = 0;
    for (std::size_t k = 0; k < labels.size(); ++k) {
      const double score = dot<float>(directions[k], image) + offsets[k];
      if (k > 0 && score <= best) continue;
      best = score;
      answers[s] = labels[k];
    }
  }
  return answers;
}

}  // namespace

ClassStatistics::ClassStatistics(std::size_t classes, std::size_t features, bool with_covariance)
    : features_(features),
      counts_(classes, 0),
      sums_(classes * features, 0.0),
      squares_(with_covariance ? features * features : 0, 0.0) {}

void ClassStatistics::add(const Dataset& data, std::span<const std::uint32_t> samples,
                          const Progress& progress) {
  std::vector<float> buffer(features_);
  double done = 0;
  for (const std::uint32_t s : samples) {
    progress.tell(done++ / static_cast<double>(samples.size()));
    const auto image = data.image(s, buffer);
    ++counts_[data.labels[s]];
    double* sum = sums_.data() + data.labels[s] * features_;
    for (std::size_t j = 0; j < features_; ++j) sum[j] += double{image[j]};
    if (squares_.empty()) continue;
    for (std::size_t i = 0; i < features_; ++i) {
      if (image[i] == 0) continue;
      double* row = squares_.data() + i * features_;
      // The lower half is enough.
      for (std::size_t j = 0; j <= i; ++j) row[j] += double{image[i]} * double{image[j]};
    }
  }
}

std::vector<double> ClassStatistics::mean(std::size_t label) const {
  const auto sum = std::span(sums_).subspan(label * features_, features_);
  std::vector<double> mean(sum.begin(), sum.end());
  for (double& x : mean) x /= static_cast<double>(counts_[label]);
  return mean;
}

std::vector<std::uint32_t> ClassStatistics::seen() const {
  std::vector<std::uint32_t> labels;
  for (std::uint32_t c = 0; c < counts_.size(); ++c) {
    if (counts_[c] > 0) labels.push_back(c);
  }
  return labels;
}

std::vector<std::uint32_t> ClassStatistics::nearest_means(const Dataset& data,
                                                          const Progress& progress) const {
  const std::vector<std::uint32_t> labels = seen();
  std::vector<std::vector<double>> means;
  std::vector<double> offsets;
  for (const std::uint32_t label : labels) {
    means.push_back(mean(label));
    offsets.push_back(-dot<double>(means.back(), means.back()) / 2);
  }
  return largest_scores(data, labels, means, offsets, progress);
}

std::vector<std::uint32_t> ClassStatistics::discriminant(const Dataset& data, double ridge,
                                                         const Progress& progress) const {
  const std::vector<std::uint32_t> labels = seen();
  std::vector<std::vector<double>> means;
  std::vector<double> covariance = squares_;
  double samples = 0;
  for (const std::uint32_t label : labels) {
    means.push_back(mean(label));
    const auto count = static_cast<double>(counts_[label]);
    samples += count;
    for (std::size_t i = 0; i < features_; ++i) {
      const double of_row = count * means.back()[i];
      for (std::size_t j = 0; j <= i; ++j) {
        covariance[i * features_ + j] -= of_row * means.back()[j];
      }
    }
  }
  for (double& x : covariance) x *= (1 - ridge) / samples;
  const auto factor =
      Cholesky::factorize(covariance, features_, ridge, {.progress = progress.stretch(0, 0.5)});
  if (!factor) throw InputError("the covariance of the samples is not positive definite");
  std::vector<double> right(features_ * labels.size());
  for (std::size_t k = 0; k < labels.size(); ++k) {
    for (std::size_t j = 0; j < features_; ++j) right[j * labels.size() + k] = means[k][j];
  }
  const std::vector<double> solved = factor->solve(right);
  std::vector<std::vector<double>> directions(labels.size(), std::vector<double>(features_));
  std::vector<double> offsets;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    for (std::size_t j = 0; j < features_; ++j) directions[k][j] = solved[j * labels.size() + k];
    offsets.push_back(-dot<double>(directions[k], means[k]) / 2);
  }
  return largest_scores(data, labels, directions, offsets, progress.stretch(0.5, 1));
}

double choose_ridge(const Dataset& data, std::span<const std::vector<std::uint32_t>> tasks,
                    const Progress& progress) {
  constexpr std::array ridges = {1e-4, 1e-3, 1e-2, 0.1, 0.3};
  constexpr std::size_t fold = 5;
  ClassStatistics statistics(data.classes, data.shape.features(), true);
  std::vector<std::uint32_t> kept_aside;
  std::vector<std::uint32_t> used;
  for (const auto& samples : tasks) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      (i % fold == 0 ? kept_aside : used).push_back(samples[i]);
    }
  }
  const auto stages = progress.share(ridges.size() + 1);
  statistics.add(data, used, stages.back());
  const Dataset judge = select(data, kept_aside);
  double chosen = ridges.front();
  std::size_t most = 0;
  for (std::size_t r = 0; r < ridges.size(); ++r) {
    const double ridge = ridges.at(r);
    const auto answers = statistics.discriminant(judge, ridge, stages[r]);
    std::size_t right = 0;
    for (std::size_t s = 0; s < judge.size(); ++s) right += answers[s] == judge.labels[s] ? 1 : 0;
    if (right > most) {
      most = right;
      chosen = ridge;
    }
  }
  return chosen;
}

}  // namespace hypnos
