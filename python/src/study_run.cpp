#include "study_run.hpp"

#include <fmt/format.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <filesystem>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "hypnos/exports.hpp"
#include "hypnos/plan.hpp"
#include "hypnos/presets.hpp"
#include "hypnos/study.hpp"
#include "plan/trial_training.hpp"
#include "study/machine.hpp"
#include "study/network_cache.hpp"
#include "study/records.hpp"
#include "study/run_trial.hpp"
#include "version/version.hpp"
#include "work.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {
namespace {

using hypnos::Database;
using hypnos::Json;

// A plan, and the database of its trials.
class StudyRun {
 public:
  StudyRun(const std::string& plan, const std::vector<std::string>& settings,
           const std::string& study, const std::string& database)
      : plan_(read_plan(plan, settings, hypnos::load_parameters, data_)),
        database_(database, Database::Access::write) {
    if (!study.empty()) plan_.name = study;
    database_.note(hypnos::record_of(plan_));
  }

  const std::string& name() const { return plan_.name; }
  std::size_t trials() const { return plan_.trials.size(); }

  std::size_t failed() const {
    std::size_t count = 0;
    const auto failed = database_.failed_ids();
    for (const hypnos::Trial& trial : plan_.trials) count += failed.count(id_of(trial));
    return count;
  }

  // (place, id, id of the trained network, work) of each trial that is not done.
  nb::list missing() {
    nb::list list;
    const auto done = database_.ids();
    for (std::size_t place = 0; place < plan_.trials.size(); ++place) {
      const hypnos::Trial& trial = plan_.trials[place];
      const std::string id = id_of(trial);
      if (done.contains(id)) continue;
      const bool trains = trial.method == hypnos::Method::network && !trial.sequence;
      const std::string network = trains ? network_id_of(trial) : "";
      list.append(nb::make_tuple(place, id, network, work_of(trial, data_)));
    }
    return list;
  }

  std::string configuration(std::size_t place) const {
    return hypnos::text_of(to_json(plan_.trials.at(place)));
  }

  // @param found each a place and what TrialRunner::run() has given
  void store(const std::vector<std::pair<std::size_t, std::string>>& found) {
    const nb::gil_scoped_release release;
    std::vector<hypnos::FinishedTrial> finished;
    for (const auto& [place, text] : found) {
      const auto json = hypnos::parse_json(text);
      if (!json || !json->is_object() || !json->contains("outcome")) {
        throw hypnos::InputError("a worker's answer is no outcome of a trial");
      }
      finished.push_back({.trial = hypnos::record_of(plan_.trials.at(place)),
                          .outcome = hypnos::read_outcome(json->at("outcome")),
                          .origin = {.program = json->value("program", ""),
                                     .machine = json->value("machine", ""),
                                     .finished = json->value("finished", ""),
                                     .numbers = json->value("numbers", 0)}});
    }
    database_.store(finished);
  }

  void store_failure(std::size_t place, const std::string& reason) {
    const hypnos::Outcome outcome{.failure = reason};
    database_.store(hypnos::record_of(plan_.trials.at(place)), outcome,
                    hypnos::origin_now(hypnos::version()));
  }

 private:
  hypnos::DataSets data_;
  hypnos::Plan plan_;
  Database database_;
};

// Data that a study knows by their content.
void check_data(const std::string& name, const std::string& expected,
                const hypnos::DataReading& reading, hypnos::DataSets& data) {
  if (expected.empty()) return;
  const std::string found = data.checksum(name, reading);
  if (found == expected) return;
  throw hypnos::FileError(name, fmt::format("is not what the study was planned with: its SHA-256 "
                                            "is {} here, and {} there",
                                            found.substr(0, 12), expected.substr(0, 12)));
}

// Does trials, one after the other. It keeps their data.
class TrialRunner {
 public:
  explicit TrialRunner(std::string networks) : networks_(std::move(networks)) {}

  // @return JSON: the outcome, and who found it
  std::string run(const std::string& configuration, const nb::object& listener) {
    std::string text;
    run_watched(listener, 1, [&](const hypnos::Execution& execution) {
      const auto json = hypnos::parse_json(configuration);
      if (!json) throw hypnos::InputError("this is no configuration of a trial: it is not JSON");
      const hypnos::Trial trial = hypnos::read_trial(*json);
      check_data_of(trial);
      const hypnos::Outcome outcome = run_trial(trial, data_, networks_, execution.progress);
      const hypnos::Origin origin = hypnos::origin_now(hypnos::version());
      text = hypnos::text_of({{"outcome", to_json(outcome)},
                              {"program", origin.program},
                              {"machine", origin.machine},
                              {"finished", origin.finished},
                              {"numbers", origin.numbers}});
    });
    return text;
  }

 private:
  void check_data_of(const hypnos::Trial& trial) {
    const std::scoped_lock lock(checking_);
    check_data(trial.data, trial.data_sha256, trial.reading, data_);
    if (!trial.pretraining) return;
    check_data(trial.pretraining->data, trial.pretraining->data_sha256, trial.reading, data_);
  }

  hypnos::DataSets data_;
  std::mutex checking_;
  hypnos::NetworkCache networks_;
};

}  // namespace

void bind_study_run(nb::module_& module) {
  nb::class_<StudyRun>(module, "StudyRun")
      .def(nb::init<const std::string&, const std::vector<std::string>&, const std::string&,
                    const std::string&>(),
           "plan"_a, "settings"_a, "study"_a, "database"_a)
      .def_prop_ro("name", &StudyRun::name)
      .def_prop_ro("trials", &StudyRun::trials)
      .def("failed", &StudyRun::failed)
      .def("missing", &StudyRun::missing)
      .def("configuration", &StudyRun::configuration, "place"_a)
      .def("store", &StudyRun::store, "found"_a)
      .def("store_failure", &StudyRun::store_failure, "place"_a, "reason"_a);
  nb::class_<TrialRunner>(module, "TrialRunner")
      .def(nb::init<std::string>(), "networks"_a)
      .def("run", &TrialRunner::run, "configuration"_a, "listener"_a.none());
}

}  // namespace sleepreplay
