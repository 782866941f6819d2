#pragma once

#include "base/json.hpp"
#include "hypnos/data_summary.hpp"

namespace hypnos {

Json to_json(const DataSummary& data);

}  // namespace hypnos
