#include <fmt/format.h>

#include <set>

#include "base/json.hpp"
#include "base/json_shape.hpp"
#include "base/whole_file.hpp"
#include "hypnos/database.hpp"
#include "hypnos/error.hpp"
#include "hypnos/exports.hpp"
#include "hypnos/numbers.hpp"
#include "hypnos/verification.hpp"

namespace hypnos {
namespace {

constexpr const char* results_shape = R"json({
  "hypnos_results?": "number",
  "numbers?": [{"version": "number", "what": "text"}],
  "studies": [{"name": "text"}],
  "trials": [{"id": "text", "configuration": "object", "numbers?": "number"}]
})json";

constexpr int newest_form = 1;

// Of the numbers, or of the file's form.
int version_from(const Json& json) {
  constexpr std::uint64_t most = 1'000'000;
  if (!json.is_number_unsigned() || json.get<std::uint64_t>() > most) {
    throw InputError(text_of(json) + " is no version");
  }
  return json.get<int>();
}

ClaimedTrial claimed_trial(Json found) {
  ClaimedTrial claim{.trial = read_trial(found["configuration"]), .found = {}};
  if (found.contains("numbers")) claim.numbers = version_from(found["numbers"]);
  if (id_of(claim.trial) != found["id"].get<std::string>()) {
    throw InputError("its configuration and its id do not belong together");
  }
  if (!words_fit(claim.trial)) {
    throw InputError("its choices do not stand for its configuration");
  }
  claim.trial.name = found["name"].is_string() ? found["name"].get<std::string>() : "";
  claim.found = std::move(found);
  return claim;
}

// Reads trial after trial of a file.
class TrialReader {
 public:
  TrialReader(const std::filesystem::path& path, ClaimedResults& results)
      : path_(path), results_(results) {}

  void add(Json found) {
    const std::string id = found["id"];
    try {
      if (!ids_.insert(id).second) throw InputError("is there twice");
      results_.trials.push_back(claimed_trial(std::move(found)));
    } catch (const InputError& error) {
      throw FileError(path_, fmt::format("trial {}: {}", id.substr(0, 8), error.what()));
    }
  }

 private:
  const std::filesystem::path& path_;
  ClaimedResults& results_;
  std::set<std::string> ids_;
};

ClaimedResults from_database(const std::filesystem::path& path,
                             const std::optional<std::string>& study, const Progress& progress) {
  const Database database(path, Database::Access::read);
  if (study) database.study(*study);  // it is there
  ClaimedResults results;
  for (const NumbersChange& change : numbers_changes()) {
    results.changes[change.version] = change.what;
  }
  TrialReader reader(path, results);
  for (const StoredTrial& trial : database.trials(study, progress)) {
    // As it would be read from a file: without NaN.
    reader.add(Json::parse(text_of(to_json(trial))));
  }
  return results;
}

FileError not_results(const std::filesystem::path& path, const std::string& why) {
  return {path,
          "is neither a results database nor what `hypnos results --json` prints (" + why + ")"};
}

ClaimedResults from_json(const std::filesystem::path& path,
                         const std::optional<std::string>& study) {
  const std::optional<Json> parsed = parse_json(read_file(path));
  if (!parsed) throw not_results(path, "it is not JSON, or nested too deep");
  const Json& json = *parsed;
  const std::string wrong = difference_from_shape(json, Json::parse(results_shape));
  if (!wrong.empty()) throw not_results(path, wrong);
  if (study) {
    // The file says which studies it is of, but not which trial is whose.
    const auto& studies = json.at("studies");
    if (studies.size() != 1 || studies[0]["name"] != *study) {
      throw FileError(path, fmt::format("does not say which of its trials are of {}; write it by "
                                        "`hypnos results DATABASE --json --study {}`",
                                        *study, *study));
    }
  }
  ClaimedResults results;
  try {
    if (json.contains("hypnos_results") && version_from(json["hypnos_results"]) > newest_form) {
      throw InputError("a newer Hypnos wrote it; update Hypnos");
    }
    for (const Json& change : json.value("numbers", Json::array())) {
      results.changes[version_from(change["version"])] = change["what"];
    }
  } catch (const InputError& error) {
    throw FileError(path, error.what());
  }
  TrialReader reader(path, results);
  for (const Json& found : json.at("trials")) reader.add(found);
  return results;
}

}  // namespace

ClaimedResults read_claims(const std::filesystem::path& path,
                           const std::optional<std::string>& study, const Progress& progress) {
  return is_database(path) ? from_database(path, study, progress) : from_json(path, study);
}

}  // namespace hypnos
