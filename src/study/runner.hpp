#pragma once

// Does what a study's database does not have yet, several trials at a time, one thread each.

#include <cstddef>
#include <functional>
#include <string>

#include "study/database.hpp"
#include "study/network_cache.hpp"
#include "study/plan.hpp"

namespace hypnos {

struct RunOptions {
  unsigned jobs = 1;    ///< trials at a time; results do not depend on it
  std::string program;  ///< version and commit, as stored with each trial
};

/// How far a study is.
struct RunStatus {
  std::size_t trials = 0;    ///< of the plan
  std::size_t done = 0;      ///< of these, in the database
  std::size_t finished = 0;  ///< of these, by this call
  std::size_t failed = 0;    ///< of those done, with a stage that could not be done
  double part = 0;           ///< of the work that there was to do, about
};

/// Told now and then, on the calling thread; false stops: trials under way are dropped.
using RunProgress = std::function<bool(const RunStatus& status)>;

/// Several processes may run studies on one database: none does a trial that another is doing, and
/// each ends when the study is complete. What a process that died had under way is taken over.
/// @return how far it came: done == trials unless it was stopped
/// @throws the first exception of a trial, after the others under way were dropped.
RunStatus run_study(const Plan& plan, Database& database, DataSets& data,
                    const NetworkCache& networks, const RunOptions& options,
                    const RunProgress& progress = {});

}  // namespace hypnos
