#pragma once

// Runs a study: does those trials of a plan that the database does not have yet.

#include <cstddef>
#include <filesystem>
#include <string>

#include "hypnos/database.hpp"
#include "hypnos/plan.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

struct RunOptions {
  std::string program;  ///< version and commit, as stored with each trial
};

/// How far a study is.
struct RunStatus {
  std::size_t trials = 0;    ///< of the plan
  std::size_t done = 0;      ///< of these, in the database
  std::size_t finished = 0;  ///< of these, by this call
  std::size_t failed = 0;    ///< of those done, with a stage that could not be done
};

/// Thrown when a run was stopped. The trials that were done are in the database; the same call goes
/// on from there.
class RunStopped : public Stopped {
 public:
  explicit RunStopped(const RunStatus& status) : so_far(status) {}
  RunStatus so_far;
};

/// Does the missing trials, `execution.threads` of them at a time, each on one thread. Results do
/// not depend on that number. Several processes may run studies on one database: none does a trial
/// that another is doing, and each ends when its study is complete. When a process dies, the others
/// do its trial.
///
///     DataSets data;
///     const Plan plan = read_plan("figure1.toml", {}, read_sleep_parameters, data);
///     Database database("results.sqlite", Database::Access::write);
///     run_study(plan, database, data, "networks", {.program = "my program"}, {.threads = 8});
///
/// @param networks a folder for the trained networks, which trials with the same training share;
///   it is made if it is not there
/// @throws RunStopped when it was stopped before the study was complete: trials under way are
///   dropped; otherwise the first exception of a trial.
RunStatus run_study(const Plan& plan, Database& database, DataSets& data,
                    const std::filesystem::path& networks, const RunOptions& options = {},
                    const Execution& execution = {});

}  // namespace hypnos
