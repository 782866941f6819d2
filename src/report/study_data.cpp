#include "report/study_data.hpp"

#include <fmt/format.h>

#include "hypnos/error.hpp"
#include "report/rounded.hpp"

namespace hypnos {
namespace {

// In how many configurations a step gains, loses, or neither is shown (its interval has 0 in it).
Json verdict_of(const std::vector<Group>& groups, const Step& step, const Measure& measure) {
  std::vector<double> means;
  std::size_t better = 0;
  std::size_t worse = 0;
  std::size_t trials = 0;
  means.reserve(groups.size());
  for (const Group& group : groups) {
    const Gain gain = gain_between(group, step.from, step.to, measure);
    if (gain.summary.n == 0) continue;
    means.push_back(gain.summary.mean);
    trials += gain.summary.n;
    // Comparisons with the NaN of a single seed are false: it shows neither.
    better += gain.interval.low > 0 ? 1 : 0;
    worse += gain.interval.high < 0 ? 1 : 0;
  }
  return {{"groups", means.size()},
          {"trials", trials},
          {"better", better},
          {"worse", worse},
          {"mean", rounded(summarize(means).mean)}};
}

Json verdicts_of(const std::vector<Group>& groups) {
  Json verdicts = Json::array();
  for (const Step& step : report_steps) {
    Json verdict = {{"from", step.from}, {"to", step.to}};
    for (const auto& [name, measure] : report_measures) {
      verdict["measures"][name] = verdict_of(groups, step, measure_of(measure));
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace

Json study_data(const Study& study, std::span<const StoredTrial> trials,
                const Histograms& histograms) {
  const std::vector<Group> groups = group_by_configuration(trials);
  const Columns columns = columns_of(groups);
  Json json = {{"name", study.name},    {"answers", study.answers},
               {"plan", study.plan},    {"planned", study.planned},
               {"done", trials.size()}, {"varying", columns.varying}};
  json["constant"] = Json::array();
  for (const std::string& key : columns.constant) {
    json["constant"].push_back({key, show(groups.front().choices.value(key, Json()))});
  }
  json["groups"] = Json::array();
  for (const Group& group : groups) {
    json["groups"].push_back(group_data(group, histograms));
  }
  json["verdicts"] = verdicts_of(groups);
  return json;
}

Json studies_data(const Database& database, const std::optional<std::string>& study) {
  const Histograms histograms = [&](const std::string& id) {
    return database.weight_histograms(id);
  };
  Json studies = Json::array();
  std::string names;
  for (const Study& known : database.studies()) {
    names += (names.empty() ? "" : ", ") + known.name;
    if (study && known.name != *study) continue;
    const auto trials = database.trials(known.name);
    if (!trials.empty()) studies.push_back(study_data(known, trials, histograms));
  }
  if (studies.empty() && study &&
      (", " + names + ", ").find(", " + *study + ", ") == std::string::npos) {
    throw InputError(fmt::format("there is no study \"{}\" in {}; studies: {}", *study,
                                 database.path().string(), names));
  }
  if (studies.empty()) {
    throw FileError(database.path(), "no trial is done yet; see hypnos run");
  }
  return studies;
}

}  // namespace hypnos
