#include "report/study_data.hpp"

#include <utility>
#include <vector>

#include "hypnos/trial_groups.hpp"
#include "report/group_data.hpp"
#include "report/rounded.hpp"
#include "report/sequence_data.hpp"

namespace hypnos {
namespace {

// Counts the groups in which a step makes a measure better, and those in which it makes it worse.
// In the others neither is shown: the interval has 0 in it.
Json verdict_of(const std::vector<GroupImprovements>& groups, std::size_t step,
                std::size_t measure) {
  std::vector<double> means;
  std::size_t better = 0;
  std::size_t worse = 0;
  std::size_t trials = 0;
  means.reserve(groups.size());
  for (const GroupImprovements& group : groups) {
    const Improvement& found = group.at(step).at(measure);
    if (found.summary.n == 0) continue;
    means.push_back(found.summary.mean);
    trials += found.summary.n;
    // Comparisons with the NaN of a single seed are false: it shows neither.
    better += found.interval.low > 0 ? 1 : 0;
    worse += found.interval.high < 0 ? 1 : 0;
  }
  return {{"groups", means.size()},
          {"trials", trials},
          {"better", better},
          {"worse", worse},
          {"mean", rounded(summarize(means).mean)}};
}

Json verdicts_of(const std::vector<GroupImprovements>& groups) {
  Json verdicts = Json::array();
  for (std::size_t s = 0; s < report_steps.size(); ++s) {
    Json verdict = {{"from", report_steps.at(s).from}, {"to", report_steps.at(s).to}};
    for (std::size_t m = 0; m < report_measures.size(); ++m) {
      verdict["measures"][report_measures.at(m).name] = verdict_of(groups, s, m);
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

std::vector<Study> chosen(const Database& database, const std::optional<std::string>& study) {
  if (!study) return database.studies();
  return {database.study(*study)};
}

}  // namespace

Json study_data(const Study& study, std::span<const StoredTrial> trials, const Progress& progress) {
  const std::vector<TrialGroup> groups = group_by_configuration(trials);
  const Columns columns = columns_of(groups);
  Json json = {{"name", study.name},    {"answers", study.answers},
               {"plan", study.plan},    {"planned", study.planned},
               {"done", trials.size()}, {"varying", columns.varying}};
  json["constant"] = Json::array();
  for (const std::string& key : columns.constant) {
    json["constant"].push_back({key, choice_text(groups.front().choices.value(key, Json()))});
  }
  json["groups"] = Json::array();
  std::vector<GroupImprovements> improvements;
  improvements.reserve(groups.size());
  const std::vector<Progress> pieces = progress.share(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    improvements.push_back(improvements_of(groups[g], pieces[g]));
    json["groups"].push_back(group_data(groups[g], improvements.back()));
    pieces[g].tell(1);
  }
  json["verdicts"] = verdicts_of(improvements);
  Json sequence_gains = sequence_gains_of(groups, progress);
  if (!sequence_gains.empty()) json["sequence_gains"] = std::move(sequence_gains);
  return json;
}

Json studies_data(const Database& database, const std::optional<std::string>& study,
                  const Progress& progress) {
  Json data = Json::array();
  const std::vector<Study> studies = chosen(database, study);
  const std::vector<Progress> pieces = progress.share(studies.size());
  for (std::size_t s = 0; s < studies.size(); ++s) {
    const auto trials = database.trials(studies[s].name, pieces[s].stretch(0, 0.5));
    if (trials.empty()) continue;
    data.push_back(study_data(studies[s], trials, pieces[s].stretch(0.5, 1)));
  }
  if (data.empty()) throw NoTrialsError(database.path());
  return data;
}

}  // namespace hypnos
