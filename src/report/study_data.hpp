#pragma once

// What the page knows of the studies of a database.

#include <optional>
#include <string>

#include "report/group_data.hpp"

namespace hypnos {

/// One study and its trials.
Json study_data(const Study& study, std::span<const StoredTrial> trials,
                const Histograms& histograms = {});

/// All studies of the database, or one. Trials that no plan names any more are left out.
/// @throws InputError when there is no such study, or no trial is done.
Json studies_data(const Database& database, const std::optional<std::string>& study = {});

}  // namespace hypnos
