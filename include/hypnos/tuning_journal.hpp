#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hypnos/tuning.hpp"

namespace hypnos {

/// The candidates of a search that is under way, kept in a file, so that a search that was
/// interrupted goes on where it was. The file is JSON: a line that says which search it is, and a
/// line for each candidate.
class TuningJournal {
 public:
  /// The journal of a search. The file is made with the first candidate.
  /// @param search one line of text with all that determines the search
  /// @throws FileError when the file is the journal of another search, or damaged.
  TuningJournal(std::filesystem::path path, std::string search);

  const std::filesystem::path& path() const { return path_; }
  /// The candidates that an earlier run has tried.
  const std::vector<Candidate>& known() const { return known_; }
  /// @throws SystemError when the file cannot be written.
  void add(const Candidate& candidate) const;
  /// Removes the file: the search is done.
  void remove() const;

 private:
  void append(const std::string& line) const;

  std::filesystem::path path_;
  std::string search_;
  std::vector<Candidate> known_;
};

}  // namespace hypnos
