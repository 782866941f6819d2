#include "report/distorted_data.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "report/group_data.hpp"
#include "report/rounded.hpp"

namespace hypnos {
namespace {

// In the order in which they were measured. The trials of a group have them in common.
std::vector<std::string> distortions_of(const TrialGroup& group) {
  std::vector<std::string> names;
  for (const StoredTrial* trial : group.trials) {
    for (const Measurement& measurement : trial->outcome.measurements) {
      if (!names.empty()) return names;
      for (const DistortedMetrics& d : measurement.distorted) names.push_back(d.distortion);
    }
  }
  return names;
}

TrialMeasure accuracy_under(const std::string& distortion) {
  return find_measure(fmt::format("accuracy@{}", distortion));
}

}  // namespace

Json distorted_data(const TrialGroup& group) {
  const std::vector<std::string> names = distortions_of(group);
  if (names.empty()) return {};
  const TrialMeasure mean = accuracy_under("distorted");
  Json data = {{"distortions", names}, {"moments", Json::object()}, {"gains", Json::array()}};
  for (const char* moment : {before_sleep, after_sleep, after_finetuning, control}) {
    const std::vector<double> means = values_at(group, moment, mean);
    if (means.empty()) continue;
    Json& at = data["moments"][moment];
    at["mean"] = summary_data(summarize(means));
    at["each"] = Json::array();
    for (const std::string& name : names) {
      at["each"].push_back(summary_data(summarize(values_at(group, moment, accuracy_under(name)))));
    }
  }
  for (const Step& step : report_steps) {
    const Improvement found = improvement_between(group, step.from, step.to, mean);
    if (found.summary.n == 0) continue;
    Json gain = summary_data(found.summary, found.interval);
    gain["from"] = step.from;
    gain["to"] = step.to;
    data["gains"].push_back(std::move(gain));
  }
  return data;
}

}  // namespace hypnos
