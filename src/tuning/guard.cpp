// Does this sleep help? For each sample i, kept aside from training, the difference
//   d_i = right after the sleep (mean over the noise) - right before
// has the mean that is the gain, and a standard error sd(d) / sqrt(n). Of K lengths that with the
// largest gain is taken; so that choosing cannot make up a gain, its interval is that of
// confidence 1 - 0.05 / K (Bonferroni).

#include "hypnos/guard.hpp"

#include <atomic>
#include <cmath>

#include "hypnos/error.hpp"
#include "hypnos/prediction.hpp"
#include "hypnos/rate_calibration.hpp"
#include "hypnos/sleep_batch.hpp"
#include "hypnos/training.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos {
namespace {

// 1 where the answer is right.
std::vector<float> right_answers(const Network& network, const Dataset& data) {
  const Prediction prediction = predict(network, data);
  std::vector<float> right;
  right.reserve(data.size());
  for (std::size_t s = 0; s < data.size(); ++s) {
    right.push_back(prediction.answers[s] == data.labels[s] ? 1.0F : 0.0F);
  }
  return right;
}

// The z with which a standard normal variable lies in [-z, z] with probability 1 - error.
double two_sided_quantile(double error) {
  double low = 0;
  double high = 40;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2.0)) > error ? low : high) = middle;
  }
  return high;
}

struct Difference {
  double mean = 0;
  double standard_error = 0;
};

Difference difference(const std::vector<float>& before, const std::vector<double>& after) {
  const auto n = static_cast<double>(before.size());
  Difference result;
  for (std::size_t i = 0; i < before.size(); ++i) {
    result.mean += (after[i] - double{before[i]}) / n;
  }
  double squares = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double deviation = after[i] - double{before[i]} - result.mean;
    squares += deviation * deviation;
  }
  if (n > 1) result.standard_error = std::sqrt(squares / (n - 1) / n);
  return result;
}

}  // namespace

Verdict judge_sleep(std::span<const Subject> subjects, const SleepParameters& parameters,
                    std::uint64_t noise_seed, std::uint64_t noise_count, unsigned threads) {
  // All subjects' samples, one after the other.
  std::vector<std::size_t> first_sample;
  std::vector<float> before;
  std::vector<Sleeper> sleepers;
  std::vector<SleepJob> jobs;
  for (std::size_t s = 0; s < subjects.size(); ++s) {
    first_sample.push_back(before.size());
    const Subject& subject = subjects[s];
    const auto right = right_answers(subject.network, subject.evaluation);
    before.insert(before.end(), right.begin(), right.end());
    sleepers.push_back(sleeper(subject));
    for (std::uint64_t n = 0; n < noise_count; ++n) {
      jobs.push_back({.sleeper = s, .parameters = parameters, .seed = noise_seed + n});
    }
  }
  if (before.empty()) throw InputError("there are no samples to judge the sleep by");

  const auto lengths = tuning_checkpoints(parameters.steps);
  // right[job][length][sample of the job's subject]; a sleep that ends early stays as it is.
  std::vector<std::vector<std::vector<float>>> right(jobs.size());
  std::atomic<std::size_t> unreachable = 0;
  const auto look = [&](std::size_t job, const Network& network) {
    set_threads(1);  // of this thread
    right[job].push_back(right_answers(network, subjects[jobs[job].sleeper].evaluation));
  };
  sleep_batch({.sleepers = sleepers, .checkpoints = lengths}, jobs, threads,
              {.checkpoint =
                   [&](std::size_t job, std::uint64_t, const Network& network) {
                     look(job, network);
                     return true;
                   },
               .done =
                   [&](std::size_t job, const Network& network, const SleepReport& report) {
                     if (report.end == SleepEnd::unreachable) ++unreachable;
                     if (right[job].empty()) look(job, network);
                     right[job].resize(lengths.size(), right[job].back());
                   }});

  if (unreachable == jobs.size()) {
    throw RateError(
        "the target rates cannot be reached in any of the networks that judge the sleep; without "
        "the guard hypnos sleep says in which layer");
  }

  Verdict verdict;
  verdict.samples = before.size();
  for (const float r : before) verdict.before += double{r} / static_cast<double>(before.size());
  const double z = two_sided_quantile(0.05 / static_cast<double>(lengths.size()));
  for (std::size_t length = 0; length < lengths.size(); ++length) {
    std::vector<double> after(before.size(), 0.0);
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      for (std::size_t i = 0; i < right[j][length].size(); ++i) {
        after[first_sample[jobs[j].sleeper] + i] +=
            double{right[j][length][i]} / static_cast<double>(noise_count);
      }
    }
    const Difference gain = difference(before, after);
    if (length > 0 && gain.mean <= verdict.gain()) continue;
    verdict.steps = lengths[length];
    verdict.after = verdict.before + gain.mean;
    verdict.low = gain.mean - z * gain.standard_error;
    verdict.high = gain.mean + z * gain.standard_error;
    verdict.helps = verdict.low > 0;
  }
  return verdict;
}

}  // namespace hypnos
