#include "tuning/judged_answers.hpp"

#include <numeric>
#include <utility>

#include "hypnos/attack.hpp"
#include "hypnos/dataset_prediction.hpp"
#include "hypnos/metrics.hpp"
#include "hypnos/network_metrics.hpp"

namespace hypnos {

namespace {

double weight_of_all(const JudgedAnswers& answers) {
  double sum = 0;
  for (const JudgedAnswers::Set& set : answers.sets) sum += set.weight;
  return sum;
}

}  // namespace

void JudgedAnswers::append(const JudgedAnswers& others) {
  sets.resize(others.sets.size());
  for (std::size_t d = 0; d < sets.size(); ++d) {
    const Set& more = others.sets[d];
    sets[d].weight = more.weight;
    sets[d].answers.insert(sets[d].answers.end(), more.answers.begin(), more.answers.end());
    sets[d].logits.insert(sets[d].logits.end(), more.logits.begin(), more.logits.end());
  }
}

AnswerSheet::AnswerSheet(std::span<const Subject> subjects, const Objective& objective,
                         std::vector<Distortion> distortions, std::uint64_t seed)
    : subjects_(subjects),
      with_logits_(needs_probabilities(objective)),
      distortions_(std::move(distortions)),
      seed_(seed) {
  if (distortions_.empty()) distortions_ = {{}};
  for (const Subject& subject : subjects) {
    check_distortions(subject.evaluation, distortions_);
    auto& sets = distorted_.emplace_back();
    for (const Distortion& distortion : distortions_) {
      sets.push_back(is_adversarial(distortion.kind) || distortion.kind == DistortionKind::clean
                         ? Dataset()
                         : distort(subject.evaluation, distortion, seed));
    }
  }
}

JudgedAnswers AnswerSheet::ask(std::size_t number, const Network& network,
                               const Progress& progress) const {
  const Execution execution{.threads = 1, .progress = progress};
  const Dataset& plain = subjects_[number].evaluation;
  JudgedAnswers found;
  for (std::size_t d = 0; d < distortions_.size(); ++d) {
    const auto look = [&](const Dataset& data) {
      const Prediction prediction = predict(network, data, execution);
      found.sets.push_back(
          {.weight = distortions_[d].weight, .answers = prediction.answers, .logits = {}});
      if (!with_logits_) return;
      found.sets.back().logits = awake_logits(prediction.outputs, data.labels, network.classes());
    };
    const DistortionKind kind = distortions_[d].kind;
    if (is_adversarial(kind)) {
      look(distort(network, plain, distortions_[d], seed_, execution));
    } else {
      look(kind == DistortionKind::clean ? plain : distorted_[number][d]);
    }
  }
  return found;
}

JudgedLabels labels_of(std::span<const Subject> subjects) {
  JudgedLabels all;
  for (const Subject& subject : subjects) {
    const auto& labels = subject.evaluation.labels;
    all.labels.insert(all.labels.end(), labels.begin(), labels.end());
    all.classes = subject.sleeper.network.classes();
  }
  return all;
}

double value_of(const Objective& objective, const JudgedAnswers& answers,
                const JudgedLabels& truth) {
  std::vector<std::uint32_t> all(truth.labels.size());
  std::iota(all.begin(), all.end(), 0U);
  return value_of(objective, answers, truth, all);
}

double value_of(const Objective& objective, const JudgedAnswers& answers, const JudgedLabels& truth,
                std::span<const std::uint32_t> samples) {
  std::vector<std::uint32_t> labels;
  labels.reserve(samples.size());
  for (const std::uint32_t s : samples) labels.push_back(truth.labels[s]);
  std::vector<std::uint32_t> chosen;
  std::vector<double> logits;
  double sum = 0;
  for (const JudgedAnswers::Set& set : answers.sets) {
    chosen.clear();
    logits.clear();
    for (const std::uint32_t s : samples) {
      chosen.push_back(set.answers[s]);
      if (set.logits.empty()) continue;
      const auto of_sample = std::span(set.logits).subspan(s * truth.classes, truth.classes);
      logits.insert(logits.end(), of_sample.begin(), of_sample.end());
    }
    Metrics metrics = measure(labels, chosen, truth.classes);
    if (!logits.empty()) {
      metrics.probabilities = measure_probabilities(labels, logits, truth.classes);
    }
    sum += set.weight * value_of(objective, metrics);
  }
  return sum / weight_of_all(answers);
}

std::vector<double> part_right(const JudgedAnswers& answers, const JudgedLabels& truth) {
  std::vector<double> right(truth.labels.size(), 0.0);
  const double all = weight_of_all(answers);
  for (const JudgedAnswers::Set& set : answers.sets) {
    const double part = set.weight / all;
    for (std::size_t s = 0; s < right.size(); ++s) {
      right[s] += set.answers[s] == truth.labels[s] ? part : 0;
    }
  }
  return right;
}

}  // namespace hypnos
