// Does this sleep help? Each sample i that was kept aside from training has the difference
//   d_i = right after the sleep (mean over the noise) - right before
// Where several networks answer to a sample, right is the part of them that are; under distortions
// the part of these. The mean of d is the improvement. Its squared standard error is that of the
// samples plus that of the noise. Samples are taken as drawn from each class c, as many as there
// are: sum over c of n_c sd_c(d)^2 / n^2. A network on its plateau answers to all of a class alike,
// and between classes d differs far more than chance does. Of the noise it is sd(e)^2 / m, where e
// are the improvements under each of the m noise seeds: many samples cannot make up for a noise
// that happened to help. Of K lengths that with the largest improvement is taken. So that this
// choice cannot make up an improvement, its interval is as wide as the largest error of K lengths
// asks for (largest_error.hpp), or that of confidence 1 - 0.05 / K (Bonferroni).

#include "tuning/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "hypnos/network_metrics.hpp"
#include "hypnos/statistics.hpp"

namespace hypnos {
namespace {

std::vector<double> mean_over_noise(std::span<const std::vector<double>> right) {
  std::vector<double> mean(right.front().size(), 0.0);
  for (const auto& under_one : right) {
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += under_one[i] / static_cast<double>(right.size());
    }
  }
  return mean;
}

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// The part of all samples by which each noise seed changes what is right, [noise seeds].
std::vector<double> improvement_by_noise(std::span<const double> before,
                                         std::span<const std::vector<double>> right) {
  std::vector<double> improvements;
  for (const auto& under_one : right) {
    improvements.push_back((sum(under_one) - sum(before)) / static_cast<double>(before.size()));
  }
  return improvements;
}

double squared_error_of_mean(const Summary& values) {
  return values.deviation * values.deviation / static_cast<double>(values.n);
}

// Of the mean of all, when so many are drawn from each class (stratified sampling): the variance
// within the classes alone.
double squared_error_by_class(std::span<const double> values,
                              std::span<const std::uint32_t> classes) {
  std::vector<std::vector<double>> of_class;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (classes[i] >= of_class.size()) of_class.resize(classes[i] + 1);
    of_class[classes[i]].push_back(values[i]);
  }
  const double of_all = summarize(values).deviation;
  double sum = 0;
  for (const auto& members : of_class) {
    // A single one says nothing about how far those of its class differ.
    const double deviation = members.size() < 2 ? of_all : summarize(members).deviation;
    sum += static_cast<double>(members.size()) * deviation * deviation;
  }
  const auto count = static_cast<double>(values.size());
  return sum / (count * count);
}

double standard_error(std::span<const double> differences, std::span<const std::uint32_t> classes,
                      const Summary& by_noise) {
  // A single sample says nothing about how far samples differ.
  if (differences.size() < 2) return std::numeric_limits<double>::infinity();
  const double of_samples = classes.empty() ? squared_error_of_mean(summarize(differences))
                                            : squared_error_by_class(differences, classes);
  const double of_noise = by_noise.n < 2 ? 0 : squared_error_of_mean(by_noise);
  return std::sqrt(of_samples + of_noise);
}

// The mean over the places of each sample.
std::vector<double> by_sample(std::span<const double> values, const Places& places) {
  std::vector<double> means;
  means.reserve(places.size());
  for (const auto& of_sample : places) {
    double sum = 0;
    for (const std::uint32_t place : of_sample) sum += values[place];
    means.push_back(sum / static_cast<double>(of_sample.size()));
  }
  return means;
}

// Draws samples with repetition, of each class as many as there are (stratified bootstrap), so that
// no class is lost. Gives all places of each.
std::vector<std::uint32_t> resample(const std::vector<std::vector<std::uint32_t>>& of_class,
                                    const Places& places, std::uint64_t number) {
  RandomSequence random(number, Purpose::bootstrap);
  std::vector<std::uint32_t> drawn;
  for (const auto& members : of_class) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto& at = places[members[random.below(static_cast<std::uint32_t>(members.size()))]];
      drawn.insert(drawn.end(), at.begin(), at.end());
    }
  }
  return drawn;
}

std::vector<std::uint32_t> all_samples(const JudgedLabels& truth) {
  std::vector<std::uint32_t> all(truth.labels.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

// What the outputs for samples of these labels say.
JudgedAnswers judged(std::span<const float> outputs, std::span<const std::uint32_t> labels,
                     std::size_t classes, const Objective& objective) {
  if (outputs.size() != labels.size() * classes) {
    throw InputError("each sample needs an output for each class");
  }
  if (!std::all_of(outputs.begin(), outputs.end(), [](float x) { return std::isfinite(x); })) {
    throw InputError("an output is no finite number");
  }
  if (std::any_of(labels.begin(), labels.end(), [&](auto label) { return label >= classes; })) {
    throw InputError("a label is no class of the outputs");
  }
  JudgedAnswers::Set set;
  for (std::size_t s = 0; s < labels.size(); ++s) {
    const auto of_sample = outputs.subspan(s * classes, classes);
    const auto largest = std::max_element(of_sample.begin(), of_sample.end());
    set.answers.push_back(static_cast<std::uint32_t>(largest - of_sample.begin()));
  }
  if (needs_probabilities(objective)) set.logits = awake_logits(outputs, labels, classes);
  JudgedAnswers answers;
  answers.sets.push_back(std::move(set));
  return answers;
}

// With fewer samples a class shows nothing: even if all change alike, that may be chance (sign
// test: 2 / 2^5 > .05).
constexpr std::size_t fewest_to_show = 6;

// The improvement, were the answers to classes of few samples as before.
double improvement_without_few(const Comparison& comparison,
                               const std::vector<std::vector<std::uint32_t>>& of_class) {
  const std::size_t width = comparison.truth.classes;
  std::vector<JudgedAnswers> after = comparison.after;
  for (const auto& members : of_class) {
    if (members.size() >= fewest_to_show) continue;
    for (JudgedAnswers& under_one : after) {
      for (std::size_t d = 0; d < under_one.sets.size(); ++d) {
        JudgedAnswers::Set& set = under_one.sets[d];
        const JudgedAnswers::Set& before = comparison.before.sets[d];
        for (const std::uint32_t member : members) {
          for (const std::uint32_t place : comparison.places[member]) {
            set.answers[place] = before.answers[place];
            if (set.logits.empty()) continue;
            const auto begin = static_cast<std::ptrdiff_t>(place * width);
            std::copy_n(before.logits.begin() + begin, width, set.logits.begin() + begin);
          }
        }
      }
    }
  }
  return Comparison{comparison.objective, comparison.truth, comparison.places, comparison.before,
                    after}
      .improvement();
}

}  // namespace

Places places_of(std::span<const std::uint32_t> sample, std::size_t count) {
  Places places;
  for (std::uint32_t place = 0; place < count; ++place) {
    const std::size_t number = sample.empty() ? place : sample[place];
    if (number >= places.size()) places.resize(number + 1);
    places[number].push_back(place);
  }
  std::erase_if(places, [](const auto& of_sample) { return of_sample.empty(); });
  return places;
}

double Comparison::improvement() const {
  return summarize(improvements(all_samples(truth))).mean;
}

std::vector<double> Comparison::improvements(std::span<const std::uint32_t> samples) const {
  const double without = value_of(objective, before, truth, samples);
  std::vector<double> found;
  found.reserve(after.size());
  for (const JudgedAnswers& under_one : after) {
    found.push_back(value_of(objective, under_one, truth, samples) - without);
  }
  return found;
}

Verdict compare_values(const Comparison& comparison, std::uint64_t steps, std::size_t choices,
                       const Execution& execution) {
  const Places& places = comparison.places;
  const std::size_t count = places.size();
  const std::vector<std::uint32_t> all = all_samples(comparison.truth);
  std::vector<std::vector<std::uint32_t>> of_class(comparison.truth.classes);
  for (std::uint32_t s = 0; s < count; ++s) {
    of_class[comparison.truth.labels[places[s].front()]].push_back(s);
  }
  const Summary by_noise = summarize(comparison.improvements(all));
  const double shown = improvement_without_few(comparison, of_class);
  std::vector<double> drawn(count > 1 ? 200 : 0);
  const std::vector<Progress> progress = execution.progress.share(drawn.size());
  parallel_for(drawn.size(), execution.threads, [&](std::size_t d, std::size_t) {
    drawn[d] = summarize(comparison.improvements(resample(of_class, places, d))).mean;
    progress[d].tell(1);
  });
  const double of_samples =
      count > 1 ? summarize(drawn).deviation : std::numeric_limits<double>::infinity();
  const double of_noise = by_noise.n < 2 ? 0 : squared_error_of_mean(by_noise);
  const double error = two_sided_quantile(0.05 / static_cast<double>(choices)) *
                       std::sqrt(of_samples * of_samples + of_noise);
  Verdict verdict{
      .steps = steps,
      .before = value_of(comparison.objective, comparison.before, comparison.truth, all),
      .samples = count};
  verdict.after = verdict.before + by_noise.mean;
  verdict.low = std::min(by_noise.mean, shown) - error;
  verdict.high = std::max(by_noise.mean, shown) + error;
  verdict.helps = verdict.low > 0;
  return verdict;
}

RightAnswers::RightAnswers(const Comparison& comparison)
    : before(by_sample(part_right(comparison.before, comparison.truth), comparison.places)) {
  for (const JudgedAnswers& under_one : comparison.after) {
    after.push_back(by_sample(part_right(under_one, comparison.truth), comparison.places));
  }
  for (const auto& of_sample : comparison.places) {
    classes.push_back(comparison.truth.labels[of_sample.front()]);
  }
}

std::vector<double> RightAnswers::changes() const {
  return paired_differences(mean_over_noise(after), before);
}

Verdict compare_right(std::span<const double> before, std::span<const std::vector<double>> after,
                      std::uint64_t steps, double quantile,
                      std::span<const std::uint32_t> classes) {
  const std::vector<double> changes = paired_differences(mean_over_noise(after), before);
  const Summary differences = summarize(changes);
  const double error =
      quantile * standard_error(changes, classes, summarize(improvement_by_noise(before, after)));
  Verdict verdict{.steps = steps, .before = summarize(before).mean, .samples = before.size()};
  verdict.after = verdict.before + differences.mean;
  // No part of samples can change by more than 1.
  verdict.low = std::max(-1.0, differences.mean - error);
  verdict.high = std::min(1.0, differences.mean + error);
  verdict.helps = verdict.low > 0;
  return verdict;
}

Verdict compare_answers(std::span<const double> before, std::span<const std::vector<double>> after,
                        std::uint64_t steps, std::size_t choices,
                        std::span<const std::uint32_t> classes) {
  if (before.empty()) throw InputError("there are no samples to judge the sleep by");
  if (after.empty() || std::any_of(after.begin(), after.end(), [&](const auto& right) {
        return right.size() != before.size();
      })) {
    throw InputError("each noise seed needs an answer to each sample");
  }
  if (!classes.empty() && classes.size() != before.size()) {
    throw InputError("each sample needs its class");
  }
  return compare_right(before, after, steps,
                       two_sided_quantile(0.05 / static_cast<double>(choices)), classes);
}

Verdict compare_outputs(const Objective& objective, std::span<const OutputsOfFold> folds,
                        std::size_t classes, std::uint64_t steps, const Execution& execution) {
  JudgedLabels truth{.labels = {}, .classes = classes};
  JudgedAnswers before;
  std::vector<JudgedAnswers> after(folds.empty() ? 0 : folds.front().after.size());
  for (const OutputsOfFold& fold : folds) {
    if (fold.after.size() != after.size()) {
      throw InputError("each fold needs as many sleeps as the others");
    }
    before.append(judged(fold.before, fold.labels, classes, objective));
    for (std::size_t noise = 0; noise < after.size(); ++noise) {
      after[noise].append(judged(fold.after[noise], fold.labels, classes, objective));
    }
    truth.labels.insert(truth.labels.end(), fold.labels.begin(), fold.labels.end());
  }
  if (truth.labels.empty()) throw InputError("there are no samples to judge the sleep by");
  if (after.empty()) throw InputError("there is no sleep to judge");
  const Places places = places_of({}, truth.labels.size());
  const Comparison comparison{objective, truth, places, before, after};
  if (objective != Objective()) return compare_values(comparison, steps, 1, execution);
  const RightAnswers right(comparison);
  return compare_answers(right.before, right.after, steps, 1, right.classes);
}

}  // namespace hypnos
