#include "hypnos/tuning_journal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "base/locked_file.hpp"
#include "base/part_file.hpp"
#include "base/whole_file.hpp"
#include "base/write_error.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

Candidate candidate_from(std::string_view line) {
  const std::optional<Json> json = parse_json(line);
  if (!json) throw InputError("is not JSON");
  return {.position = json->at("position").get<std::vector<double>>(),
          .scores = json->at("scores").get<std::vector<double>>()};
}

// Takes the next line with its end off the text. False when no whole line is left.
bool take_line(std::string_view& text, std::string_view& line) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return true;
}

}  // namespace

TuningJournal::TuningJournal(std::filesystem::path path, std::string search)
    : path_(std::move(path)), search_(std::move(search)) {
  auto file = LockedFile::open(path_);
  if (!file) throw FileError(path_, "is in use by another search; wait for it, or write elsewhere");
  file_ = std::make_unique<LockedFile>(std::move(*file));
  read(read_file(path_));
  cut();
}

TuningJournal::~TuningJournal() {
  if (length_ == 0) remove();
}

// What was cut off in the writing is tried again.
void TuningJournal::read(const std::string& content) {
  std::string_view rest = content;
  std::string_view line;
  if (!take_line(rest, line)) {
    if (search_.starts_with(content)) return;
    line = content;
  }
  length_ = content.size();  // a file that is not ours is not cut
  if (line != search_) {
    throw FileError(path_, "is left from another search; remove it, or write elsewhere");
  }
  while (take_line(rest, line)) {
    try {
      known_.push_back(candidate_from(line));
    } catch (const std::exception&) {
      throw FileError(path_, fmt::format("line {} is damaged; remove the file to begin anew",
                                         known_.size() + 2));
    }
  }
  length_ -= rest.size();
}

void TuningJournal::add(const Candidate& candidate) {
  const std::string line =
      text_of({{"position", candidate.position}, {"scores", candidate.scores}});
  append(length_ == 0 ? search_ + '\n' + line : line);
}

void TuningJournal::remove() {
  // Once only, while the lock is held: then the name may be somebody else's.
  if (file_ == nullptr) return;
  ::unlink(path_.c_str());
  file_.reset();
}

void TuningJournal::append(const std::string& line) {
  if (::lseek(file_->descriptor(), static_cast<off_t>(length_), SEEK_SET) < 0 ||
      !write_all(file_->descriptor(), line + '\n')) {
    const int reason = errno;
    cut();
    throw write_error(path_, reason);
  }
  length_ += line.size() + 1;
}

void TuningJournal::cut() {
  if (::ftruncate(file_->descriptor(), static_cast<off_t>(length_)) != 0) {
    throw write_error(path_);
  }
}

}  // namespace hypnos
