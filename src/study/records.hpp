#pragma once

// What the database keeps of a plan and its trials.

#include "hypnos/database.hpp"
#include "hypnos/plan.hpp"

namespace hypnos {

StudyRecord record_of(const Plan& plan);
TrialRecord record_of(const Trial& trial);

}  // namespace hypnos
