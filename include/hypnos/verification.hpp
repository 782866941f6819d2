#pragma once

// Runs trials of known results again and compares what they find, to the last bit.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hypnos/data_sets.hpp"
#include "hypnos/json.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/trial.hpp"

namespace hypnos {

/// A trial of known results.
struct ClaimedTrial {
  Trial trial;
  Json found;       ///< what they say of it, as to_json(StoredTrial) writes it, or a part of that
  int numbers = 0;  ///< version of the program's numbers that they are of
};

/// Results, and what their header says.
struct ClaimedResults {
  std::vector<ClaimedTrial> trials;
  /// What changed the numbers at each version, as the program that wrote them knew.
  std::map<int, std::string> changes = {};
};

/// Reads a results database, or what `hypnos results --json` has printed of one.
/// @param study its trials alone; not set: all
/// @throws FileError when it is neither, has a trial twice, or has one whose configuration, id and
///   words do not fit.
ClaimedResults read_claims(const std::filesystem::path& path,
                           const std::optional<std::string>& study = {},
                           const Progress& progress = {});

/// Which trials are run again.
struct VerifiedPart {
  std::optional<std::size_t> trials = 5;  ///< so many; not set: all
  std::uint64_t seed = 1;                 ///< they are drawn by it,
  bool cheapest = false;                  ///< or are those that take the least work
};

/// The trials' places, ascending.
std::vector<std::size_t> choose(const ClaimedResults& results, const VerifiedPart& part,
                                DataSets& data);

/// Where two results of one trial are not the same.
struct Difference {
  std::string where;  ///< "measurements.after_sleep.accuracy"
  Json claimed;       ///< null: nothing
  Json found;         ///< null: nothing
};

/// What is not the same. Times, machines and names are passed over, and so is what brief results
/// leave out (see Extent::brief), and what older programs did not measure: those before version 1
/// of the numbers, which the claim says ("numbers"). Each moment, confusion and task must be there.
std::vector<Difference> differences(const Json& claimed, const Json& found);

/// A trial that was run again.
struct VerifiedTrial {
  std::size_t place = 0;  ///< in ClaimedResults::trials
  std::vector<Difference> differences = {};
  std::string refusal = {};  ///< why it cannot be run here; empty: it was
  double seconds = 0;

  bool is_equal() const { return refusal.empty() && differences.empty(); }
};

/// Runs the trials at these places again, `execution.threads` at a time, each on one thread and
/// from nothing: no trained network is taken from elsewhere. Those that cannot be run, because
/// their data are not here, or are others, ..., say so (VerifiedTrial::refusal).
/// @param told of each as it is done, one call at a time
/// @throws Stopped; SystemError
std::vector<VerifiedTrial> verify(const ClaimedResults& results,
                                  const std::vector<std::size_t>& places, DataSets& data,
                                  const std::function<void(const VerifiedTrial&)>& told = {},
                                  const Execution& execution = {});

/// How many were run again, how many of these are equal, how many cannot be run here, and what
/// differs of each.
Json to_json(const ClaimedResults& results, std::span<const VerifiedTrial> all);

}  // namespace hypnos
