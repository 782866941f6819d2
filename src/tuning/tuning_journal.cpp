#include "hypnos/tuning_journal.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <utility>

#include "base/json.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

Candidate candidate_from(const std::string& line) {
  const Json json = Json::parse(line);
  return {.position = json.at("position").get<std::vector<double>>(),
          .scores = json.at("scores").get<std::vector<double>>()};
}

}  // namespace

TuningJournal::TuningJournal(std::filesystem::path path, std::string search)
    : path_(std::move(path)), search_(std::move(search)) {
  if (!std::filesystem::exists(path_)) return;
  std::ifstream file(path_);
  std::string line;
  std::getline(file, line);
  // Where the first line was cut off in the writing, no candidate was written.
  if (file.eof() && search_.starts_with(line)) {
    remove();
    return;
  }
  if (line != search_) {
    throw FileError(path_, "is left from another search; remove it, or write elsewhere");
  }
  std::uintmax_t whole = line.size() + 1;
  while (std::getline(file, line)) {
    // A last line that was cut off in the writing is tried again.
    if (file.eof()) break;
    try {
      known_.push_back(candidate_from(line));
    } catch (const Json::exception&) {
      throw FileError(path_, fmt::format("line {} is damaged; remove the file to begin anew",
                                         known_.size() + 2));
    }
    whole += line.size() + 1;
  }
  file.close();
  std::filesystem::resize_file(path_, whole);
}

void TuningJournal::add(const Candidate& candidate) const {
  if (!std::filesystem::exists(path_)) append(search_);
  append(text_of({{"position", candidate.position}, {"scores", candidate.scores}}));
}

void TuningJournal::remove() const {
  std::filesystem::remove(path_);
}

void TuningJournal::append(const std::string& line) const {
  std::ofstream file(path_, std::ios::app);
  file << line << '\n';
  file.close();
  if (!file) throw SystemError(path_.string() + ": cannot be written");
}

}  // namespace hypnos
