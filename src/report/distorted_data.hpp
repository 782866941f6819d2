#pragma once

// What the page shows of accuracy under distortions. web/src/report.ts has the same in TypeScript.

#include "hypnos/trial_groups.hpp"

namespace hypnos {

/// Null where nothing was measured under distortions.
Json distorted_data(const TrialGroup& group);

}  // namespace hypnos
