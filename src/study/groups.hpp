#pragma once

// Trials that differ in their seed alone, taken together.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hypnos/statistics.hpp"
#include "study/database.hpp"

namespace hypnos {

/// Which number of a measurement: that of a trial, or none where it has no such number.
using Measure = std::function<std::optional<double>(const StoredTrial&, const Metrics&)>;

Measure measure_of(double Metrics::* field);

/// Mean recall of the classes that the trial's subset has only a part of (the plan's `keep`).
Measure cut_recall();

/// Seeds of one configuration.
struct Group {
  Json choices;    ///< see Trial::choices; what its trials have in common
  std::string id;  ///< of the configuration without seed: groups of equal choices differ in it
  std::vector<const StoredTrial*> trials;
};

/// In the order of their choices, with the trials in the order of their seeds. They point into
/// `trials`. Those with a name have it among their choices; they are in the order of their data,
/// and then in that of `trials`.
std::vector<Group> group_by_configuration(std::span<const StoredTrial> trials);

/// The keys of the choices in which groups differ, and those which they share, in their order.
/// Where groups have names, what differs beside name and data is left out if these tell all groups
/// apart.
struct Columns {
  std::vector<std::string> varying;
  std::vector<std::string> constant;
};
Columns columns_of(std::span<const Group> groups);

/// A choice as a person reads it; empty: it was not made.
std::string show(const Json& choice);

/// The values at that moment, of the trials that have one.
std::vector<double> values_at(const Group& group, const std::string& moment,
                              const Measure& measure);

/// What is gained from one moment to another, seed by seed, over the trials that have both.
struct Gain {
  Summary summary;
  Interval interval;  ///< 95%, of the mean
};
Gain gain_between(const Group& group, const std::string& before, const std::string& after,
                  const Measure& measure);

}  // namespace hypnos
