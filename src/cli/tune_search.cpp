#include "cli/tune_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/atomic_file.hpp"
#include "base/json.hpp"
#include "terminal/console.hpp"
#include "terminal/watch.hpp"

namespace hypnos::cli {
namespace {

// What the search itself determines.
constexpr std::array searched = {"growth",    "dose",       "steps",     "max_rate",
                                 "increment", "decrement",  "threshold", "target_rate",
                                 "alpha",     "alpha_scale"};

}  // namespace

void set_what_is_not_searched(SleepParameters& base, const std::string& setting) {
  const std::string key = setting.substr(0, setting.find_first_of("= "));
  if (std::find(searched.begin(), searched.end(), key) != searched.end()) {
    throw ParameterError(key,
                         "is found by the search, and cannot be set (see --start and "
                         "--max-steps)");
  }
  apply_setting(base, setting);
}

TuningResult search(const TuneOptions& options, const TuningOptions& tuning, TuningNote note,
                    TuningJournal& journal, const Stopwatch& watch, const SearchCall& call) {
  if (!journal.known().empty()) {
    say("{}: going on after {} candidates\n", journal.path().string(), journal.known().size());
  }
  const auto write = [&](const TuningResult& result) {
    note.seconds = watch.seconds();
    write_file(options.output, to_toml(result, tuning, note));
  };
  const TuningObserver observer = {
      .tried = [&](const Candidate& candidate) { journal.add(candidate); },
      .known = journal.known()};
  try {
    TuningResult result;
    {
      Watch bar("tune");
      result = call(observer, bar.with_threads(options.threads));
    }
    write(result);
    journal.remove();
    return result;
  } catch (const TuningStopped& stopped) {
    if (stopped.so_far.candidates == 0) {
      say("interrupted before the first candidate was tried\n");
    } else {
      write(stopped.so_far);
      say("interrupted after {} candidates; the best so far is in {}; the same command goes on\n",
          stopped.so_far.candidates, options.output);
    }
    throw;
  }
}

void print_json(const TuneOptions& options, const TuningResult& result, double seconds) {
  fmt::print("{}\n", text_of({{"stage", "tune"},
                              {"before", result.before},
                              {"after", result.score},
                              {"networks_before", result.subject_before},
                              {"networks_after", result.subject_score},
                              {"candidates", result.candidates},
                              {"sleeps", result.sleeps},
                              {"updates", result.updates},
                              {"seconds", seconds},
                              {"parameters", to_toml(result.parameters)},
                              {"output", options.output}}));
}

}  // namespace hypnos::cli
