#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>

#include "base/json.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "base/stopwatch.hpp"
#include "base/workspace.hpp"
#include "hypnos/error.hpp"
#include "hypnos/exports.hpp"
#include "hypnos/verification.hpp"
#include "study/network_cache.hpp"
#include "study/run_trial.hpp"

namespace hypnos {
namespace {

// Without end where its data are not here: such a trial is not among the cheapest.
double work_if_known(const Trial& trial, DataSets& data, const Progress& progress = {}) {
  try {
    return work_of(trial, data, progress);
  } catch (const InputError&) {
    return std::numeric_limits<double>::infinity();
  }
}

void require_same_data(const std::string& name, const std::string& sha256,
                       const DataReading& reading, DataSets& data) {
  const std::string here = data.checksum(name, reading);
  if (here == sha256) return;
  throw InputError(fmt::format("it was measured on other data: {} has SHA-256 {} now, not {}", name,
                               here.empty() ? "none" : here, sha256.empty() ? "none" : sha256));
}

// Why it cannot be run here; empty: it can.
std::string refusal_of(const Trial& trial, DataSets& data) {
  try {
    require_same_data(trial.data, trial.data_sha256, trial.reading, data);
    if (trial.pretraining) {
      require_same_data(trial.pretraining->data, trial.pretraining->data_sha256, trial.reading,
                        data);
    }
    return {};
  } catch (const InputError& error) {
    return error.what();
  }
}

VerifiedTrial verified(const ClaimedTrial& claim, DataSets& data, const NetworkCache& networks,
                       const Progress& progress) {
  const Stopwatch watch;
  try {
    const Outcome outcome = run_trial(claim.trial, data, networks, progress);
    // As text has it: a NaN is null.
    const Json found = Json::parse(text_of(to_json(outcome)));
    return {.differences = differences(claim.found, found), .seconds = watch.seconds()};
  } catch (const InputError& error) {
    return {.refusal = error.what(), .seconds = watch.seconds()};
  }
}

}  // namespace

std::vector<std::size_t> choose(const ClaimedResults& results, const VerifiedPart& part,
                                DataSets& data) {
  std::vector<std::uint32_t> order(results.trials.size());
  std::iota(order.begin(), order.end(), 0U);
  if (part.cheapest) {
    std::vector<double> work;
    work.reserve(results.trials.size());
    for (const ClaimedTrial& claim : results.trials)
      work.push_back(work_if_known(claim.trial, data));
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
  std::vector<VerifiedTrial> all;
  for (const std::size_t place : places) {
    const Trial& trial = results.trials.at(place).trial;
    std::string refusal = refusal_of(trial, data);
    const bool runs = refusal.empty();
    all.push_back({.place = place, .refusal = std::move(refusal)});
    const double known = runs ? work_if_known(trial, data, execution.progress.stretch(0, 0)) : 0;
    work.push_back(std::isfinite(known) ? known : 0);
  }
  const std::vector<Progress> progress = execution.progress.share(work);
  std::mutex telling;
  parallel_for(places.size(), std::max(execution.threads, 1U), [&](std::size_t i, std::size_t) {
    if (all[i].refusal.empty()) {
      all[i] = verified(results.trials[places[i]], data, networks, progress[i]);
      all[i].place = places[i];
    }
    const std::scoped_lock lock(telling);
    if (told) told(all[i]);
  });
  return all;
}

Json to_json(const ClaimedResults& results, std::span<const VerifiedTrial> all) {
  std::size_t equal = 0;
  std::size_t refused = 0;
  Json trials = Json::array();
  for (const VerifiedTrial& each : all) {
    const ClaimedTrial& claim = results.trials[each.place];
    equal += each.is_equal() ? 1 : 0;
    refused += each.refusal.empty() ? 0 : 1;
    Json& trial = trials.emplace_back(Json{{"id", claim.found["id"]},
                                           {"equal", each.is_equal()},
                                           {"numbers", claim.numbers},
                                           {"seconds", each.seconds}});
    if (!each.refusal.empty()) trial["refusal"] = each.refusal;
    trial["differences"] = Json::array();
    for (const Difference& difference : each.differences) {
      trial["differences"].push_back({{"where", difference.where},
                                      {"claimed", difference.claimed},
                                      {"found", difference.found}});
    }
  }
  return {{"verified", all.size() - refused},
          {"equal", equal},
          {"refused", refused},
          {"trials", std::move(trials)}};
}

}  // namespace hypnos
