#pragma once

// Trials that differ in their seed alone, taken together.

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hypnos/database.hpp"
#include "hypnos/statistics.hpp"

namespace hypnos {

/// A number of a measurement; nothing for a trial that has no such number.
using TrialMeasure = std::function<std::optional<double>(const StoredTrial&, const Measurement&)>;

/// One of the metrics.
TrialMeasure measure_of(double Metrics::* field);

/// The measure of that name: one of named_measures(), or "accuracy@blur=2.5", which is the measure
/// under this distortion, or "accuracy@distorted", its mean over all distortions.
/// @throws ParameterError("measure") when there is none.
TrialMeasure find_measure(const std::string& name);

/// Mean recall of the classes that the trial's subset has only a part of (the plan's `keep`).
TrialMeasure cut_recall();

/// All of these, by the names under which tables show them: "accuracy", "cut_recall", ...
const std::map<std::string, TrialMeasure>& named_measures();

/// The trials of one configuration.
struct TrialGroup {
  Json choices;    ///< what its trials have in common, in the words of the plan
  std::string id;  ///< of the configuration without seed: groups of equal choices differ in it
  std::vector<const StoredTrial*> trials;  ///< in the order of their seeds
};

/// Groups the trials, to which the groups then point. Groups are in the order of their choices.
/// Those with a name have it among their choices; they are in the order of their data, and then in
/// that of `trials`.
std::vector<TrialGroup> group_by_configuration(std::span<const StoredTrial> trials);

/// The keys of the choices in which groups differ, and those which all share. Where name and data
/// tell all groups apart, the other keys in which they differ are left out.
struct Columns {
  std::vector<std::string> varying;
  std::vector<std::string> constant;
};
Columns columns_of(std::span<const TrialGroup> groups);

/// A choice as a person reads it; empty when it was not made.
std::string choice_text(const Json& choice);

/// The values at that moment, of the trials that have one.
std::vector<double> values_at(const TrialGroup& group, const std::string& moment,
                              const TrialMeasure& measure);

/// By how much a measure is better at one moment than at another, seed by seed.
struct Improvement {
  Summary summary;    ///< over the trials that have both moments
  Interval interval;  ///< 95%, of the mean
};
Improvement improvement_between(const TrialGroup& group, const std::string& before,
                                const std::string& after, const TrialMeasure& measure);

}  // namespace hypnos
