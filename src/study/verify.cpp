#include <algorithm>
#include <mutex>
#include <numeric>

#include "base/json.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "base/stopwatch.hpp"
#include "base/workspace.hpp"
#include "hypnos/exports.hpp"
#include "hypnos/verification.hpp"
#include "study/network_cache.hpp"
#include "study/run_trial.hpp"

namespace hypnos {

std::vector<std::size_t> choose(const ClaimedResults& results, const VerifiedPart& part,
                                DataSets& data) {
  std::vector<std::uint32_t> order(results.trials.size());
  std::iota(order.begin(), order.end(), 0U);
  if (part.cheapest) {
    std::vector<double> work;
    work.reserve(results.trials.size());
    for (const ClaimedTrial& claim : results.trials) work.push_back(work_of(claim.trial, data));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return work[a] < work[b]; });
  } else {
    RandomSequence random(part.seed, Purpose::verification);
    shuffle(order, random);
  }
  const std::size_t count = std::min(part.trials.value_or(order.size()), order.size());
  std::vector<std::size_t> places(order.begin(),
                                  order.begin() + static_cast<std::ptrdiff_t>(count));
  std::sort(places.begin(), places.end());
  return places;
}

std::vector<VerifiedTrial> verify(const ClaimedResults& results,
                                  const std::vector<std::size_t>& places, DataSets& data,
                                  const std::function<void(const VerifiedTrial&)>& told,
                                  const Execution& execution) {
  const Workspace workspace("verify");
  const NetworkCache networks(workspace / "networks");
  std::vector<double> work;
  work.reserve(places.size());
  for (const std::size_t place : places) {
    work.push_back(work_of(results.trials.at(place).trial, data, execution.progress.stretch(0, 0)));
  }
  const std::vector<Progress> progress = execution.progress.share(work);
  std::vector<VerifiedTrial> all(places.size());
  std::mutex telling;
  parallel_for(places.size(), std::max(execution.threads, 1U), [&](std::size_t i, std::size_t) {
    const ClaimedTrial& claim = results.trials[places[i]];
    const Stopwatch watch;
    const Outcome outcome = run_trial(claim.trial, data, networks, progress[i]);
    // As text has it: a NaN is null.
    const Json found = Json::parse(text_of(to_json(outcome)));
    all[i] = {.place = places[i],
              .differences = differences(claim.found, found),
              .seconds = watch.seconds()};
    const std::scoped_lock lock(telling);
    if (told) told(all[i]);
  });
  return all;
}

Json to_json(const ClaimedResults& results, std::span<const VerifiedTrial> verified) {
  std::size_t equal = 0;
  Json trials = Json::array();
  for (const VerifiedTrial& each : verified) {
    const ClaimedTrial& claim = results.trials[each.place];
    equal += each.differences.empty() ? 1 : 0;
    Json& trial = trials.emplace_back(Json{{"id", claim.found["id"]},
                                           {"equal", each.differences.empty()},
                                           {"numbers", claim.numbers},
                                           {"seconds", each.seconds}});
    trial["differences"] = Json::array();
    for (const Difference& difference : each.differences) {
      trial["differences"].push_back({{"where", difference.where},
                                      {"claimed", difference.claimed},
                                      {"found", difference.found}});
    }
  }
  return {{"verified", verified.size()}, {"equal", equal}, {"trials", std::move(trials)}};
}

}  // namespace hypnos
