#include "tasks/sequence_evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// A quarter of the candidates goes on to the next round.
constexpr std::size_t reduction = 4;
constexpr double missed_round = 10;
// Tasks after which candidates are cut off for the first time.
constexpr std::size_t first_look = 2;

// Samples that the sequence does not train on, as many of each class.
Dataset judging_samples(const Sequence& sequence, const Dataset& train, std::size_t samples) {
  const std::vector<TaskSamples> tasks = divide_tasks(sequence.options, train, sequence.seed);
  std::size_t classes = 0;
  for (const TaskSamples& task : tasks) classes += task.classes.size();
  const std::size_t of_each = std::max<std::size_t>(samples / classes, 1);
  std::vector<std::uint32_t> chosen;
  for (const TaskSamples& task : tasks) {
    std::vector<std::uint32_t> left;
    std::set_difference(task.all.begin(), task.all.end(), task.training.begin(),
                        task.training.end(), std::back_inserter(left));
    RandomSequence random(sequence.seed, Purpose::folds, task.classes.front());
    shuffle(left, random);
    for (const std::uint32_t label : task.classes) {
      std::size_t found = 0;
      for (const std::uint32_t sample : left) {
        if (found == of_each) break;
        if (train.labels[sample] != label) continue;
        chosen.push_back(sample);
        ++found;
      }
      if (found == 0) {
        throw ParameterError(
            "tasks", fmt::format("train on all samples of class {}, so that none is left to judge; "
                                 "task_samples or task_fraction leaves some",
                                 label));
      }
    }
  }
  return select(train, chosen);
}

double mean_of_first(const std::vector<double>& accuracies, std::size_t count) {
  return std::accumulate(accuracies.begin(),
                         accuracies.begin() + static_cast<std::ptrdiff_t>(count), 0.0) /
         static_cast<double>(count);
}

}  // namespace

SequenceEvaluator::SequenceEvaluator(const Sequence& sequence, const Dataset& train,
                                     const SequenceSubjects& subjects, const Execution& execution)
    : sequence_(sequence),
      train_(train),
      tasks_(divide_tasks(sequence.options, train, sequence.seed).size()) {
  points_ = {{}};
  before_.resize(subjects.seeds.size());
  subjects_.resize(subjects.seeds.size());
  const auto progress = execution.progress.share(subjects.seeds.size());
  parallel_for(subjects.seeds.size(), execution.threads, [&](std::size_t s, std::size_t) {
    Sequence without = sequence;
    without.options.learner =
        is_icarl(sequence.options.learner) ? Learner::icarl : Learner::sequential;
    without.seed = subjects.seeds[s];
    Subject& subject = subjects_[s];
    subject.seed = without.seed;
    subject.judging = judging_samples(without, train, subjects.samples);
    const auto keep_first = [&](const SequenceState& state) {
      if (state.learned == 1) subject.first = state;
      return true;
    };
    before_[s] = learn_sequence(without, train, subject.judging, {.step = keep_first}, nullptr,
                                {.progress = progress[s]})
                     .metrics.accuracy;
  });
}

Sequence SequenceEvaluator::sequence_for(const Attempt& attempt,
                                         std::span<const SleepParameters> candidates) const {
  Sequence sequence = sequence_;
  sequence.seed = subjects_[attempt.subject].seed;
  sequence.noise = attempt.noise;
  sequence.parameters = candidates[attempt.candidate];
  return sequence;
}

// Goes on with each until so many tasks have been learned and slept on. What cannot be done, or is
// hopeless, scores 0.
void SequenceEvaluator::go_on(std::vector<Attempt>& attempts,
                              std::span<const SleepParameters> candidates, std::size_t until,
                              const Execution& execution) const {
  const auto progress = execution.progress.share(attempts.size());
  parallel_for(attempts.size(), execution.threads, [&](std::size_t a, std::size_t) {
    Attempt& attempt = attempts[a];
    const Subject& subject = subjects_[attempt.subject];
    const Sequence sequence = sequence_for(attempt, candidates);
    const bool slept_each = sequence.options.sleep_when == SleepWhen::each;
    const auto is_before_end = [&](const SequenceState& state) {
      return state.learned < until || (slept_each && !state.slept) || until == tasks_;
    };
    const SequenceState from = attempt.state.learned > 0 ? attempt.state : subject.first;
    try {
      SequenceReport report =
          learn_sequence(sequence, train_, subject.judging, {.step = is_before_end}, &from,
                         {.progress = progress[a]});
      attempt.score = mean_of_first(report.state.rows.back().last(), until);
      attempt.state = std::move(report.state);
    } catch (const InputError&) {
      attempt.score = 0;
      attempt.state = {};
    }
    progress[a].tell(1);
  });
}

SearchCost SequenceEvaluator::cost(std::size_t candidates, std::size_t noise_seeds,
                                   Patience patience) const {
  const std::size_t tasks = tasks_;
  const std::size_t whole = subjects_.size() * noise_seeds * tasks;
  if (patience == Patience::all_the_way) return {.sleeps = candidates * whole};
  const std::size_t second = (candidates + reduction - 1) / reduction;
  const std::size_t third = (second + reduction - 1) / reduction;
  const std::size_t looked_at = std::min(first_look, tasks);
  return {.sleeps = noise_seeds * (candidates * looked_at + second * (tasks - looked_at)) +
                    third * (whole - noise_seeds * tasks)};
}

void SequenceEvaluator::evaluate(std::span<const SleepParameters> candidates,
                                 std::span<const std::uint64_t> noise_seeds,
                                 const ScoreListener& listener, Patience patience,
                                 const Execution& execution) const {
  const std::size_t tasks = tasks_;
  const std::size_t noises = noise_seeds.size();
  std::vector<SubjectScores> scores(candidates.size(),
                                    SubjectScores(subjects_.size(), std::vector<double>(1, 0.0)));
  const auto begin = [&](std::span<const std::size_t> which, std::size_t subject) {
    std::vector<Attempt> attempts;
    for (const std::size_t c : which) {
      for (const std::uint64_t noise : noise_seeds) attempts.push_back({c, subject, noise});
    }
    return attempts;
  };
  // The mean over the noise, for all subjects from this one on.
  const auto note = [&](const std::vector<Attempt>& attempts, double missed, bool for_all) {
    for (std::size_t first = 0; first < attempts.size(); first += noises) {
      double sum = 0;
      for (std::size_t n = 0; n < noises; ++n) sum += attempts[first + n].score;
      SubjectScores& found = scores[attempts[first].candidate];
      const std::size_t subject = attempts[first].subject;
      for (std::size_t s = subject; s < (for_all ? found.size() : subject + 1); ++s) {
        found[s][0] = sum / static_cast<double>(noises) - missed;
      }
    }
  };
  // Keeps the attempts of the best candidates, whose score they all have.
  const auto keep_best = [&](std::vector<Attempt>& attempts) {
    const std::size_t count = attempts.size() / noises;
    const std::size_t kept = (count + reduction - 1) / reduction;
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return scores[attempts[a * noises].candidate][0][0] >
             scores[attempts[b * noises].candidate][0][0];
    });
    std::vector<Attempt> best;
    for (std::size_t i = 0; i < kept; ++i) {
      for (std::size_t n = 0; n < noises; ++n) {
        best.push_back(std::move(attempts[order[i] * noises + n]));
      }
    }
    attempts = std::move(best);
  };

  std::vector<std::size_t> left(candidates.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::vector<Attempt> attempts = begin(left, 0);
  const Progress& progress = execution.progress;
  const auto part = [&](double from, double to) {
    return Execution{.threads = execution.threads, .progress = progress.stretch(from, to)};
  };
  if (patience == Patience::cut_hopeless && tasks > first_look) {
    go_on(attempts, candidates, first_look, part(0, 0.4));
    note(attempts, 2 * missed_round, true);
    keep_best(attempts);
  }
  go_on(attempts, candidates, tasks, part(0.4, 0.7));
  note(attempts, patience == Patience::cut_hopeless ? missed_round : 0, true);
  if (patience == Patience::cut_hopeless) keep_best(attempts);
  left.clear();
  for (std::size_t first = 0; first < attempts.size(); first += noises) {
    left.push_back(attempts[first].candidate);
    scores[left.back()][0][0] += patience == Patience::cut_hopeless ? missed_round : 0;
  }
  std::vector<Attempt> others;
  for (std::size_t s = 1; s < subjects_.size(); ++s) {
    for (Attempt& attempt : begin(left, s)) others.push_back(std::move(attempt));
  }
  go_on(others, candidates, tasks, part(0.7, 1));
  note(others, 0, false);
  for (std::size_t c = 0; c < candidates.size(); ++c) listener(c, scores[c]);
}

}  // namespace hypnos
