#pragma once

// The candidates of a search that is under way, on disk, so that it can be taken up again: JSON,
// one line per candidate, after a line that says which search it is.

#include <string>
#include <vector>

#include "hypnos/tuning.hpp"
#include "training/recipe.hpp"

namespace hypnos::cli {

class TuningJournal {
 public:
  /// The journal of a search; the file is made with the first candidate.
  /// @param search all that determines the search
  /// @throws FileError when the file is the journal of another search, or damaged; SystemError
  ///   when it cannot be written.
  TuningJournal(std::string path, const Json& search);

  const std::string& path() const { return path_; }
  /// The candidates that an earlier run has tried.
  const std::vector<Candidate>& known() const { return known_; }
  void add(const Candidate& candidate) const;
  void remove() const;

 private:
  void append(const std::string& line) const;

  std::string path_;
  std::string head_;  // which search it is
  std::vector<Candidate> known_;
};

}  // namespace hypnos::cli
