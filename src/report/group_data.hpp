#pragma once

// What the page shows of the trials of one configuration. web/src/report.ts has the same in
// TypeScript.

#include <array>

#include "hypnos/trial_groups.hpp"

namespace hypnos {

struct NamedMeasure {
  const char* name;
  double Metrics::* measure;
};
inline constexpr std::array<NamedMeasure, 4> report_measures = {
    {{"accuracy", &Metrics::accuracy},
     {"balanced_accuracy", &Metrics::balanced_accuracy},
     {"macro_f1", &Metrics::macro_f1},
     {"geometric_mean", &Metrics::geometric_mean}}};

/// Two moments that are compared.
struct Step {
  const char* from;
  const char* to;
};
inline constexpr std::array<Step, 3> report_steps = {
    {{before_sleep, after_sleep}, {before_sleep, after_finetuning}, {control, after_finetuning}}};

/// All improvements of a group, [steps][measures]. Their intervals take time, and two places show
/// them. Of tasks in sequence there are none: their moments are those of the last sleep alone.
using GroupImprovements =
    std::array<std::array<Improvement, report_measures.size()>, report_steps.size()>;
GroupImprovements improvements_of(const TrialGroup& group, const Progress& progress = {});

Json group_data(const TrialGroup& group, const GroupImprovements& improvements);

}  // namespace hypnos
