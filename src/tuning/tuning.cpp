// The search: candidates at random, then CMA-ES from the best of them, then the best few again
// under new noise.

#include "hypnos/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <numeric>

#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "tuning/cma_es.hpp"
#include "tuning/evaluator.hpp"
#include "tuning/search_space.hpp"

namespace hypnos {
namespace {

// Thrown through the search to end it.
struct Stopped : std::exception {};

std::vector<std::uint64_t> consecutive(std::uint64_t first, std::uint64_t count) {
  std::vector<std::uint64_t> seeds(count);
  std::iota(seeds.begin(), seeds.end(), first);
  return seeds;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::size_t index_of_best(const std::vector<double>& scores) {
  return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

// How the budget is spent, in candidates.
struct Shares {
  std::uint64_t searched = 0;
  std::uint64_t finalists = 0;  // tried again
};
constexpr std::uint64_t final_noise_factor = 2;  // with so many times the noise seeds

Shares share(const TuningOptions& options, std::size_t subjects) {
  constexpr std::uint64_t fewest = 10;
  constexpr std::uint64_t most_finalists = 5;
  if (options.noise_seeds == 0) throw ParameterError("noise_seeds", "must not be 0");
  const std::uint64_t all = options.budget / (subjects * options.noise_seeds);
  if (all < fewest) {
    throw ParameterError(
        "budget", fmt::format("{} sleeps are {} candidates on {} networks under {} noise seeds; "
                              "at least {} sleeps ({} candidates) are needed",
                              options.budget, all, subjects, options.noise_seeds,
                              fewest * subjects * options.noise_seeds, fewest));
  }
  const std::uint64_t finalists = std::clamp<std::uint64_t>(all / 20, 1, most_finalists);
  return {.searched = all - finalists * final_noise_factor, .finalists = finalists};
}

class Tuner {
 public:
  Tuner(std::span<const Subject> subjects, const TuningOptions& options,
        const TuningObserver& observer)
      : options_(options),
        observer_(observer),
        shares_(share(options, subjects.size())),
        evaluator_(subjects, options.objective, tuning_checkpoints(options.space.max_steps),
                   options.threads),
        noise_(consecutive(1, options.noise_seeds)),
        dimensions_(dimensions(subjects.front().network.layers.size())) {
    progress_.before = mean_of(evaluator_.before());
    progress_.candidates = shares_.searched;
  }

  TuningResult run() {
    TuningResult result;
    try {
      search();
      result.complete = true;
    } catch (const Stopped&) {
      if (tried_.empty()) throw InputError("stopped before the first candidate was tried");
    }
    result.candidates = tried_.size();
    choose(result);
    return result;
  }

 private:
  void search() {
    if (options_.search == Search::random) {
      search_at_random(shares_.searched);
      return;
    }
    const std::uint64_t population = cma_es_population(dimensions_);
    CmaEs cma = {.seed = static_cast<unsigned>(options_.seed)};
    if (options_.start) {
      cma.step_size = 0.1;
      try_at(position_of(*options_.start, options_.space));
    } else {
      const std::uint64_t quarter = (shares_.searched + 3) / 4;
      const bool for_one_generation = shares_.searched - quarter >= population;
      search_at_random(for_one_generation ? quarter : shares_.searched);
    }
    cma.generations = (shares_.searched - tried_.size()) / population;
    const std::vector<double> start = tried_[best_].position;
    if (cma.generations > 0) {
      cma_es(cma, start, [this](const std::vector<double>& position) { return -try_at(position); });
    }
  }

  void search_at_random(std::uint64_t count) {
    RandomSequence random(options_.seed, Purpose::search);
    for (; count > 0; --count) {
      std::vector<double> position(dimensions_);
      for (double& coordinate : position) coordinate = double{random.uniform()};
      try_at(position);
    }
  }

  /// @return the score at the best length
  double try_at(const std::vector<double>& position) {
    const std::size_t number = tried_.size();
    if (number < observer_.known.size()) {
      const Candidate& known = observer_.known[number];
      if (known.position != position || known.scores.size() != evaluator_.checkpoints().size()) {
        throw InputError("the candidates that are known are not those of this search");
      }
      tried_.push_back(known);
    } else {
      const SleepParameters parameters = at(position, options_.space, options_.base);
      tried_.push_back({position, worth(evaluator_.evaluate(parameters, noise_))});
      if (observer_.tried) observer_.tried(tried_.back());
    }
    const double score = best_score(tried_.back());
    if (number == 0 || score > best_score(tried_[best_])) best_ = number;
    progress_.candidates_done = tried_.size();
    progress_.best_score = best_score(tried_[best_]);
    progress_.best = parameters_of(tried_[best_], index_of_best(tried_[best_].scores));
    if (observer_.progress && !observer_.progress(progress_)) throw Stopped();
    return score;
  }

  // What candidates are compared by, [checkpoints].
  std::vector<double> worth(const SubjectScores& scores) const {
    return options_.cautious ? cautious_mean(scores, evaluator_.before())
                             : mean_over_subjects(scores);
  }

  static double best_score(const Candidate& candidate) {
    return candidate.scores[index_of_best(candidate.scores)];
  }

  SleepParameters parameters_of(const Candidate& candidate, std::size_t checkpoint) const {
    SleepParameters parameters = at(candidate.position, options_.space, options_.base);
    parameters.steps = evaluator_.checkpoints()[checkpoint];
    return parameters;
  }

  // The best few once more under noise that nobody was chosen by, and the best of these.
  void choose(TuningResult& result) {
    std::vector<std::size_t> order(tried_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      const double score_a = best_score(tried_[a]);
      const double score_b = best_score(tried_[b]);
      return score_a > score_b || (score_a == score_b && a < b);
    });
    order.resize(std::min<std::size_t>(order.size(), result.complete ? shares_.finalists : 1));
    const auto new_noise =
        consecutive(options_.noise_seeds + 1, final_noise_factor * options_.noise_seeds);
    result.before = progress_.before;
    result.subject_before = evaluator_.before();
    double best_worth = 0;
    bool first = true;
    for (const std::size_t c : order) {
      const auto scores =
          evaluator_.evaluate(at(tried_[c].position, options_.space, options_.base), new_noise);
      const auto worths = worth(scores);
      const std::size_t checkpoint = index_of_best(worths);
      if (!first && worths[checkpoint] <= best_worth) continue;
      first = false;
      best_worth = worths[checkpoint];
      result.score = mean_over_subjects(scores)[checkpoint];
      result.parameters = parameters_of(tried_[c], checkpoint);
      result.subject_score.clear();
      for (const auto& subject : scores) result.subject_score.push_back(subject[checkpoint]);
    }
  }

  const TuningOptions& options_;
  const TuningObserver& observer_;
  Shares shares_;
  Evaluator evaluator_;
  std::vector<std::uint64_t> noise_;
  std::size_t dimensions_;
  std::vector<Candidate> tried_;
  std::size_t best_ = 0;  // of tried_
  TuningProgress progress_;
};

}  // namespace

std::vector<std::uint64_t> tuning_checkpoints(std::uint64_t max_steps) {
  constexpr int count = 8;
  constexpr double shortest = 1.0 / 16;
  std::vector<std::uint64_t> checkpoints;
  for (int c = 0; c < count; ++c) {
    const double part = std::pow(shortest, 1 - static_cast<double>(c) / (count - 1));
    const auto steps =
        static_cast<std::uint64_t>(std::llround(static_cast<double>(max_steps) * part));
    if (steps > 0 && (checkpoints.empty() || steps > checkpoints.back())) {
      checkpoints.push_back(steps);
    }
  }
  return checkpoints;
}

TuningResult tune(std::span<const Subject> subjects, const TuningOptions& options,
                  const TuningObserver& observer) {
  if (subjects.empty()) throw InputError("there is no network to tune the sleep of");
  if (options.cautious && subjects.size() < 2) {
    throw InputError("a cautious search compares gains of two networks or more");
  }
  validate(options.space);
  return Tuner(subjects, options, observer).run();
}

}  // namespace hypnos
