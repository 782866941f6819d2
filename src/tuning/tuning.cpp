// The search tries candidates at random, then generations of CMA-ES that begin at the best of them,
// and then the best few again under new noise.

#include "hypnos/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>

#include "base/portable_math.hpp"
#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "tuning/budget.hpp"
#include "tuning/candidate_search.hpp"
#include "tuning/cma_es.hpp"
#include "tuning/evaluator.hpp"
#include "tuning/search_space.hpp"
#include "tuning/subject_jobs.hpp"
#include "tuning/tuned_evaluator.hpp"

namespace hypnos {
namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::size_t index_of_best(const std::vector<double>& scores) {
  return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

// Part of the longest sleep.
constexpr double shortest_sleep = 1.0 / 16;

// What the listener is told during a search. Several threads ask for it.
class Note {
 public:
  std::string text() const {
    const std::scoped_lock lock(mutex_);
    return text_;
  }
  void set(std::string text) {
    const std::scoped_lock lock(mutex_);
    text_ = std::move(text);
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

std::unique_ptr<CandidateEvaluator> make_evaluator(std::span<const Subject> subjects,
                                                   const TuningOptions& options,
                                                   const Execution& execution) {
  const Execution beginning{.threads = execution.threads,
                            .progress = execution.progress.stretch(0, 0)};
  SubjectScore score =
      options.judge ? SubjectScore(options.judge)
                    : SubjectScore(subjects, options.objective, options.distortions, options.seed);
  if (options.moment == Moment::tuned) {
    return std::make_unique<TunedEvaluator>(subjects, std::move(score), options.further, beginning);
  }
  return std::make_unique<Evaluator>(subjects, std::move(score),
                                     tuning_checkpoints(options.space.max_steps), options.doses,
                                     beginning);
}

std::string objective_name(const TuningOptions& options) {
  return options.judge ? "score" : text_of(options.objective);
}

void check_moment(const TuningOptions& options) {
  if (options.moment == Moment::slept && !options.judge && needs_probabilities(options.objective)) {
    throw ParameterError("moment",
                         fmt::format("slept does not go with {}: sleep shrinks the outputs many "
                                     "times; choose awake",
                                     text_of(options.objective)));
  }
  if (options.moment == Moment::tuned && options.further.updates == 0) {
    throw ParameterError("moment", "tuned needs a number of updates");
  }
}

// Where networks are trained on, each length and each dose is a candidate of its own.
SearchSpace space_of(const TuningOptions& options) {
  SearchSpace space = options.space;
  if (options.moment != Moment::tuned) return space;
  const auto most = static_cast<double>(space.max_steps);
  if (most > 1) space.steps = Range{.low = std::max(1.0, most * shortest_sleep), .high = most};
  const auto [low, high] = std::minmax_element(options.doses.begin(), options.doses.end());
  if (*low < *high) space.dose = Range{.low = *low, .high = *high};
  return space;
}

class Tuner {
 public:
  Tuner(const CandidateSearch& what, const TuningOptions& options, const TuningObserver& observer,
        const Execution& execution)
      : options_(options),
        observer_(observer),
        execution_(execution),
        shares_(share(options, what.subjects)),
        noise_(consecutive_seeds(1, options.noise_seeds)),
        space_(what.space),
        dimensions_(dimensions(space_, what.layers)),
        evaluator_(what.evaluator),
        before_(mean_of(evaluator_.before())) {
    note_.set(fmt::format("{} {:.4f}", objective_name(options), before_));
  }

  TuningResult run() {
    search();
    return best_of_finalists();
  }

  TuningResult best_so_far() const {
    TuningResult result = without_parameters();
    if (tried_.empty()) return result;
    const Candidate& best = tried_[best_];
    result.score = best_score(best);
    result.parameters = parameters_of(best, index_of_best(best.scores));
    return result;
  }

 private:
  void search() {
    if (options_.search == Search::random) {
      search_at_random(shares_.searched);
      return;
    }
    const std::uint64_t population = cma_es_population(dimensions_);
    double step_size = 0.2;
    if (options_.start) {
      step_size = 0.1;
      const std::vector<double> start = position_of(*options_.start, space_);
      try_all(std::span(&start, 1));
    } else {
      const std::uint64_t quarter = (shares_.searched + 3) / 4;
      const bool for_one_generation = shares_.searched - quarter >= population;
      search_at_random(for_one_generation ? quarter : shares_.searched);
    }
    CmaEs evolution(tried_[best_].position, step_size, options_.seed);
    while (tried_.size() + population <= shares_.searched) {
      const std::size_t first = tried_.size();
      try_all(evolution.ask());
      std::vector<double> losses;
      for (std::size_t c = first; c < tried_.size(); ++c) losses.push_back(-best_score(tried_[c]));
      evolution.tell(losses);
    }
  }

  void search_at_random(std::uint64_t count) {
    RandomSequence random(options_.seed, Purpose::search);
    std::vector<std::vector<double>> positions(count, std::vector<double>(dimensions_));
    for (auto& position : positions) {
      for (double& coordinate : position) coordinate = double{random.uniform()};
    }
    // Those that are cut off early are the worst of a generation.
    const std::size_t together =
        is_judged_whole() ? cma_es_population(dimensions_) : positions.size();
    for (std::size_t first = 0; first < positions.size(); first += together) {
      try_all(std::span(positions).subspan(first, std::min(together, positions.size() - first)));
    }
  }

  // Candidates are judged in the end and not along their sleeps, and the hopeless ones of those
  // that are tried together are cut off early.
  bool is_judged_whole() const { return evaluator_.points().front().steps == 0; }

  // Takes over the candidates that are known and tries the others, all at the same time.
  void try_all(std::span<const std::vector<double>> positions) {
    count(evaluator_.cost(positions.size(), noise_.size(), Patience::cut_hopeless));
    std::size_t known = 0;
    if (observer_.known.size() > tried_.size()) {
      known = std::min(positions.size(), observer_.known.size() - tried_.size());
    }
    // Which candidates are cut off depends on the others.
    if (is_judged_whole() && known < positions.size()) known = 0;
    for (std::size_t p = 0; p < known; ++p) {
      take_over(observer_.known[tried_.size()], positions[p]);
    }
    const auto unknown = positions.subspan(known);
    if (unknown.empty()) return;
    std::vector<SleepParameters> candidates;
    for (const auto& position : unknown) {
      candidates.push_back(candidate_at(position));
    }
    evaluator_.evaluate(candidates, noise_,
                        [&](std::size_t c, const SubjectScores& scores) {
                          add({unknown[c], worth(scores)});
                          const bool is_known = tried_.size() <= observer_.known.size();
                          if (observer_.tried && !is_known) observer_.tried(tried_.back());
                        },
                        Patience::cut_hopeless,
                        {.threads = execution_.threads,
                         .progress = progress_for(tried_.size(), tried_.size() + unknown.size())});
  }

  void take_over(const Candidate& known, const std::vector<double>& position) {
    if (known.position != position || known.scores.size() != evaluator_.points().size()) {
      throw InputError("the candidates that are known are not those of this search");
    }
    add(known);
  }

  void count(const SearchCost& cost) {
    cost_.sleeps += cost.sleeps;
    cost_.updates += cost.updates;
  }

  void add(Candidate candidate) {
    const std::size_t number = tried_.size();
    tried_.push_back(std::move(candidate));
    if (number == 0 || best_score(tried_[number]) > best_score(tried_[best_])) best_ = number;
    const Candidate& best = tried_[best_];
    note_.set(fmt::format("{} {:.4f}, best so far {:.4f} at {} steps", objective_name(options_),
                          before_, best_score(best),
                          parameters_of(best, index_of_best(best.scores)).steps));
  }

  // The progress of a part of all work. Work is counted in candidates; a finalist counts by its
  // sleeps. The note says how far the search is, whatever the sleeps say.
  Progress progress_for(std::uint64_t begin, std::uint64_t end) const {
    const auto all = static_cast<double>(shares_.all());
    return {[this, part_of_all = execution_.progress.stretch(static_cast<double>(begin) / all,
                                                             static_cast<double>(end) / all)](
                double part, std::string_view) {
      part_of_all.tell(part, note_.text());
      return true;
    }};
  }

  // What candidates are compared by, [points of judgement].
  std::vector<double> worth(const SubjectScores& scores) const {
    return options_.cautious ? cautious_mean(scores, evaluator_.before())
                             : mean_over_subjects(scores);
  }

  static double best_score(const Candidate& candidate) {
    return candidate.scores[index_of_best(candidate.scores)];
  }

  // Where it is judged along its sleep, it sleeps as long as any, and all the way: the evaluator
  // sees to the doses.
  SleepParameters candidate_at(std::span<const double> position) const {
    SleepParameters parameters = parameters_at(position, space_, options_.base);
    if (!space_.dose) {
      parameters.dose = is_judged_whole() ? options_.doses.front() : 1;
    }
    return parameters;
  }

  SleepParameters parameters_of(const Candidate& candidate, std::size_t point) const {
    SleepParameters parameters = candidate_at(candidate.position);
    const JudgedAt& at = evaluator_.points()[point];
    if (at.steps > 0) parameters.steps = at.steps;
    if (at.dose > 0) parameters.dose = at.dose;
    return parameters;
  }

  TuningResult without_parameters() const {
    TuningResult result;
    result.before = before_;
    result.subject_before = evaluator_.before();
    result.candidates = tried_.size();
    result.sleeps = cost_.sleeps;
    result.updates = cost_.updates;
    return result;
  }

  // The numbers of the best few, the best first.
  std::vector<std::size_t> finalists() const {
    std::vector<std::size_t> order(tried_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      const double score_a = best_score(tried_[a]);
      const double score_b = best_score(tried_[b]);
      return score_a > score_b || (score_a == score_b && a < b);
    });
    order.resize(std::min<std::size_t>(order.size(), shares_.finalists));
    return order;
  }

  // Tries the best few once more, under noise that no candidate was chosen by, and takes the best
  // of these.
  TuningResult best_of_finalists() {
    const std::vector<std::size_t> numbers = finalists();
    std::vector<SleepParameters> candidates;
    candidates.reserve(numbers.size());
    for (const std::size_t c : numbers) {
      candidates.push_back(candidate_at(tried_[c].position));
    }
    const auto new_noise =
        consecutive_seeds(options_.noise_seeds + 1, final_noise_factor * options_.noise_seeds);
    count(evaluator_.cost(candidates.size(), new_noise.size(), Patience::all_the_way));
    TuningResult result = without_parameters();
    double best_worth = 0;
    evaluator_.evaluate(
        candidates, new_noise,
        [&](std::size_t c, const SubjectScores& scores) {
          const auto worths = worth(scores);
          const std::size_t checkpoint = index_of_best(worths);
          if (c > 0 && worths[checkpoint] <= best_worth) return;
          best_worth = worths[checkpoint];
          result.score = mean_over_subjects(scores)[checkpoint];
          result.parameters = parameters_of(tried_[numbers[c]], checkpoint);
          result.subject_score.clear();
          for (const auto& subject : scores) result.subject_score.push_back(subject[checkpoint]);
        },
        Patience::all_the_way,
        {.threads = execution_.threads, .progress = progress_for(shares_.searched, shares_.all())});
    return result;
  }

  const TuningOptions& options_;
  const TuningObserver& observer_;
  const Execution& execution_;
  Shares shares_;
  std::vector<std::uint64_t> noise_;
  SearchSpace space_;
  std::size_t dimensions_;
  const CandidateEvaluator& evaluator_;
  double before_;
  SearchCost cost_;
  std::vector<Candidate> tried_;
  std::size_t best_ = 0;  // of tried_
  Note note_;
};

}  // namespace

std::vector<std::uint64_t> tuning_checkpoints(std::uint64_t max_steps) {
  constexpr int count = 8;
  std::vector<std::uint64_t> checkpoints;
  for (int c = 0; c < count; ++c) {
    const double part = portable::pow(shortest_sleep, 1 - static_cast<double>(c) / (count - 1));
    const auto steps =
        static_cast<std::uint64_t>(std::llround(static_cast<double>(max_steps) * part));
    if (steps > 0 && (checkpoints.empty() || steps > checkpoints.back())) {
      checkpoints.push_back(steps);
    }
  }
  return checkpoints;
}

TuningResult search_candidates(const CandidateSearch& what, const TuningOptions& options,
                               const TuningObserver& observer, const Execution& execution) {
  std::optional<Tuner> tuner;
  try {
    tuner.emplace(what, options, observer, execution);
    return tuner->run();
  } catch (const Stopped&) {
    throw TuningStopped(tuner ? tuner->best_so_far() : TuningResult());
  }
}

TuningResult tune(std::span<const Subject> subjects, const TuningOptions& options,
                  const TuningObserver& observer, const Execution& execution) {
  if (subjects.empty()) throw InputError("there is no network to tune the sleep of");
  if (options.cautious && subjects.size() < 2) {
    throw InputError("a cautious search compares gains of two networks or more");
  }
  validate(options.space);
  check_moment(options);
  share(options, subjects.size());
  std::unique_ptr<CandidateEvaluator> evaluator;
  try {
    evaluator = make_evaluator(subjects, options, execution);
  } catch (const Stopped&) {
    throw TuningStopped(TuningResult());
  }
  return search_candidates({.evaluator = *evaluator,
                            .space = space_of(options),
                            .subjects = subjects.size(),
                            .layers = subjects.front().sleeper.network.layers.size()},
                           options, observer, execution);
}

}  // namespace hypnos
