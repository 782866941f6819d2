#pragma once

// What the page knows of the seeds of one configuration. web/src/report.ts has the same in
// TypeScript.

#include <array>
#include <string>
#include <vector>

#include "report/sleep_data.hpp"
#include "study/groups.hpp"

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

/// Gained from one moment to another.
struct Step {
  const char* from;
  const char* to;
};
inline constexpr std::array<Step, 3> report_steps = {
    {{before_sleep, after_sleep}, {before_sleep, after_finetuning}, {control, after_finetuning}}};

Json group_data(const Group& group, const Histograms& histograms = {});

}  // namespace hypnos
