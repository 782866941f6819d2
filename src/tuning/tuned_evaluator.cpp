#include "tuning/tuned_evaluator.hpp"

#include <algorithm>
#include <numeric>

#include "base/parallel.hpp"
#include "hypnos/sleep_batch.hpp"
#include "tuning/batch_progress.hpp"
#include "tuning/evaluator.hpp"
#include "tuning/subject_jobs.hpp"
#include "tuning/train_on.hpp"

namespace hypnos {
namespace {

// A third of the candidates go on to three times the updates.
constexpr std::size_t reduction = 3;
constexpr double missed_round = 10;

}  // namespace

TunedEvaluator::TunedEvaluator(std::span<const Subject> subjects, SubjectScore score,
                               const TrainingOptions& further, const Execution& execution)
    : subjects_(subjects),
      sleepers_(sleepers_of(subjects)),
      score_(std::move(score)),
      further_(further) {
  points_ = {{}};
  before_.resize(subjects.size());
  const auto progress = execution.progress.share(subjects.size());
  parallel_for(subjects.size(), execution.threads, [&](std::size_t s, std::size_t) {
    before_[s] = train_and_score(s, subjects[s].sleeper.network, further.updates, s, progress[s]);
  });
}

std::vector<TunedEvaluator::Round> TunedEvaluator::rounds(std::size_t candidates,
                                                          Patience patience) const {
  std::vector<Round> rounds = {{.updates = further_.updates, .candidates = candidates}};
  if (patience == Patience::all_the_way) return rounds;
  constexpr std::size_t most = 3;
  std::vector<std::size_t> left = {candidates};
  while (left.size() < most && left.back() > 1) {
    left.push_back((left.back() + reduction - 1) / reduction);
  }
  rounds.clear();
  std::uint64_t updates = further_.updates;
  for (std::size_t r = left.size(); r-- > 0;
       updates = std::max<std::uint64_t>(updates / reduction, 1)) {
    rounds.insert(rounds.begin(), {.updates = updates, .candidates = left[r]});
  }
  return rounds;
}

SearchCost TunedEvaluator::cost(std::size_t candidates, std::size_t noise_seeds,
                                Patience patience) const {
  SearchCost cost;
  for (const Round& round : rounds(candidates, patience)) {
    const std::uint64_t networks = round.candidates * subjects_.size() * noise_seeds;
    cost.sleeps += networks;
    cost.updates += networks * round.updates;
  }
  return cost;
}

double TunedEvaluator::train_and_score(std::size_t number, Network network, std::uint64_t updates,
                                       std::uint64_t seed, const Progress& progress) const {
  const Subject& subject = subjects_[number];
  const Execution execution{.threads = 1, .progress = progress};
  TrainingOptions options = further_;
  end_after_updates(options, updates);
  if (!train_on(network, subject, options, seed, execution)) return score_.worst();
  return score_(number, subject, network, progress);
}

std::vector<SubjectScores> TunedEvaluator::scores_after(std::uint64_t updates,
                                                        std::span<const SleepParameters> candidates,
                                                        std::span<const std::uint64_t> noise_seeds,
                                                        const Execution& execution) const {
  std::vector<SleepJob> jobs;
  for (const SleepParameters& candidate : candidates) {
    add_subject_jobs(jobs, subjects_.size(), candidate, noise_seeds);
  }
  const BatchProgress progress(execution.progress, "training candidates on");
  std::vector<double> found(jobs.size());
  const auto look = [&](std::size_t job, const Network& network) {
    found[job] =
        train_and_score(jobs[job].sleeper, network, updates, jobs[job].seed, progress.measuring());
  };
  sleep_batch(
      {.sleepers = sleepers_}, jobs,
      {.done = [&](std::size_t job, const Network& network,
                   const SleepReport&) { look(job, network); },
       .unreachable = [&](std::size_t job,
                          const RateError&) { look(job, sleepers_[jobs[job].sleeper]->network); }},
      {.threads = execution.threads, .progress = progress.sleeping()});
  std::vector<SubjectScores> scores(candidates.size(),
                                    SubjectScores(subjects_.size(), std::vector<double>(1, 0.0)));
  const std::size_t jobs_of_each = subjects_.size() * noise_seeds.size();
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    scores[j / jobs_of_each][jobs[j].sleeper][0] +=
        found[j] / static_cast<double>(noise_seeds.size());
  }
  return scores;
}

void TunedEvaluator::evaluate(std::span<const SleepParameters> candidates,
                              std::span<const std::uint64_t> noise_seeds,
                              const ScoreListener& listener, Patience patience,
                              const Execution& execution) const {
  std::vector<std::size_t> left(candidates.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::vector<SubjectScores> scores(candidates.size());
  const std::vector<Round> all = rounds(candidates.size(), patience);
  std::vector<double> work;
  work.reserve(all.size());
  for (const Round& round : all) {
    work.push_back(static_cast<double>(round.candidates * round.updates));
  }
  const auto progress = execution.progress.share(work);
  for (std::size_t r = 0; r < all.size(); ++r) {
    left.resize(all[r].candidates);
    std::vector<SleepParameters> trained;
    trained.reserve(left.size());
    for (const std::size_t c : left) trained.push_back(candidates[c]);
    const auto found = scores_after(all[r].updates, trained, noise_seeds,
                                    {.threads = execution.threads, .progress = progress[r]});
    const double missed = missed_round * static_cast<double>(all.size() - 1 - r);
    for (std::size_t i = 0; i < left.size(); ++i) {
      scores[left[i]] = found[i];
      for (auto& subject : scores[left[i]]) subject[0] -= missed;
    }
    std::stable_sort(left.begin(), left.end(), [&](std::size_t a, std::size_t b) {
      return mean_over_subjects(scores[a])[0] > mean_over_subjects(scores[b])[0];
    });
  }
  for (std::size_t c = 0; c < candidates.size(); ++c) listener(c, scores[c]);
}

}  // namespace hypnos
