#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hypnos/tuning.hpp"

namespace hypnos {

class LockedFile;

/// The candidates of a search that is under way, kept in a file, so that a search that was
/// interrupted goes on where it was. The file is JSON: a line that says which search it is, and a
/// line for each candidate. While the object lives nobody else can use the file.
class TuningJournal {
 public:
  /// Opens the journal of a search, or begins it.
  /// @param search one line of text with all that determines the search: content, not names
  /// @throws FileError when the file is the journal of another search, is in use, or damaged;
  ///   SystemError when it cannot be written.
  TuningJournal(std::filesystem::path path, std::string search);
  TuningJournal(const TuningJournal&) = delete;
  TuningJournal& operator=(const TuningJournal&) = delete;
  /// Removes the file if it has no candidate.
  ~TuningJournal();

  const std::filesystem::path& path() const { return path_; }
  /// The candidates that an earlier run has tried.
  const std::vector<Candidate>& known() const { return known_; }
  /// @throws SystemError when the file cannot be written; it is then as it was.
  void add(const Candidate& candidate);
  /// Removes the file: the search is done.
  void remove();

 private:
  void read(const std::string& content);
  void append(const std::string& line);
  void cut();

  std::filesystem::path path_;
  std::string search_;
  std::unique_ptr<LockedFile> file_;
  std::uintmax_t length_ = 0;  // of its whole lines
  std::vector<Candidate> known_;
};

}  // namespace hypnos
