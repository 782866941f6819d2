#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/json.hpp"
#include "cli/verbs.hpp"
#include "cli/whole_number.hpp"
#include "hypnos/error.hpp"
#include "hypnos/numbers.hpp"
#include "hypnos/verification.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"

namespace hypnos::cli {
namespace {

struct VerifyCall {
  std::string results;
  std::string study;
  std::size_t trials = 5;
  std::uint64_t seed = 1;
  unsigned jobs = all_threads();
  bool all = false;
  bool cheapest = false;
  bool json = false;
};

// More than these are counted, not shown.
constexpr std::size_t shown_differences = 5;
constexpr std::size_t longest_value = 200;

// Exit statuses.
constexpr int something_differs = 1;
constexpr int something_cannot_be_run = 2;

std::string words_of(const Trial& trial) {
  const std::string name = trial.name.empty() ? "" : trial.name + ": ";
  return fmt::format("{}{}, seed {}", name, text_of(trial.choices), trial.seed);
}

std::string value_or_nothing(const Json& value) {
  if (value.is_null()) return "nothing";
  std::string text = text_of(value);
  if (text.size() <= longest_value) return text;
  std::size_t end = longest_value;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // whole characters
  return text.substr(0, end) + "...";
}

void show_verified(const ClaimedResults& results, const VerifiedTrial& verified) {
  const ClaimedTrial& claim = results.trials[verified.place];
  const char* word = verified.is_equal()        ? "equal  "
                     : verified.refusal.empty() ? "differs"
                                                : "not run";
  show("{} {}  {}  ({:.1f} s)\n", word, claim.found["id"].get<std::string>().substr(0, 8),
       words_of(claim.trial), verified.seconds);
  if (!verified.refusal.empty()) show("         {}\n", verified.refusal);
  const std::size_t count = std::min(verified.differences.size(), shown_differences);
  for (std::size_t d = 0; d < count; ++d) {
    const Difference& difference = verified.differences[d];
    show("         {}: {} in the results, {} now\n", difference.where,
         value_or_nothing(difference.claimed), value_or_nothing(difference.found));
  }
  if (verified.differences.size() > count) {
    show("         and {} more\n", verified.differences.size() - count);
  }
  std::fflush(stdout);
}

// Why results of another version of the numbers may differ.
void show_changes(const ClaimedResults& results, int version) {
  const int ours = numbers_version();
  const bool newer = version > ours;
  show("They are of version {} of the program's numbers, and this is {}{}\n", version, ours,
       !newer ? ". Since then:"
       : results.changes.empty()
           ? ": a newer Hypnos made them, and they do not say what it has changed"
           : ": a newer Hypnos made them. It has changed:");
  if (!newer) {
    for (const NumbersChange& change : numbers_changes()) {
      if (change.version > version) show("  {}: {}\n", change.version, change.what);
    }
    return;
  }
  for (const auto& [changed, what] : results.changes) {
    if (changed > ours && changed <= version) show("  {}: {}\n", changed, what);
  }
}

// The version of those that differ, where it is not ours.
std::vector<int> other_versions(const ClaimedResults& results,
                                const std::vector<VerifiedTrial>& all) {
  std::vector<int> versions;
  for (const VerifiedTrial& verified : all) {
    const int version = results.trials[verified.place].numbers;
    if (!verified.differences.empty() && version != numbers_version()) versions.push_back(version);
  }
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  return versions;
}

// Whether results of an older program do not say which networks they are of.
bool lacks_networks(const ClaimedTrial& claim) {
  const Json measured = claim.found.value("measurements", Json::object());
  return claim.numbers == 0 && !measured.empty() &&
         std::none_of(measured.begin(), measured.end(),
                      [](const Json& at) { return at.contains("network_sha256"); });
}

// How many of them are equal, and how many cannot be run here.
struct Counts {
  std::size_t all = 0;
  std::size_t equal = 0;
  std::size_t refused = 0;

  void add(const VerifiedTrial& verified) {
    ++all;
    if (verified.is_equal()) ++equal;
    if (!verified.refusal.empty()) ++refused;
  }
};

int exit_status(const Counts& counts) {
  if (counts.equal + counts.refused < counts.all) return something_differs;
  return counts.refused > 0 ? something_cannot_be_run : 0;
}

int run(const VerifyCall& call) {
  const CatchInterrupts catching;
  Watch bar("verify");
  const Execution execution = bar.with_threads(call.jobs);
  const ClaimedResults results =
      read_claims(call.results, call.study.empty() ? std::nullopt : std::optional(call.study),
                  execution.progress.stretch(0, 0));
  if (results.trials.empty()) throw FileError(call.results, "has no trials");
  DataSets data;
  const std::vector<std::size_t> places =
      choose(results,
             {.trials = call.all ? std::nullopt : std::optional(call.trials),
              .seed = call.seed,
              .cheapest = call.cheapest},
             data);
  Counts counts;
  const auto told = [&](const VerifiedTrial& verified) {
    counts.add(verified);
    bar.clear();
    if (!call.json) show_verified(results, verified);
  };
  std::vector<VerifiedTrial> all;
  try {
    all = verify(results, places, data, told, execution);
  } catch (const Stopped&) {
    bar.clear();
    say("interrupted: {} of {} were run again, {} of them are equal\n", counts.all - counts.refused,
        places.size(), counts.equal);
    throw;
  }
  bar.clear();
  if (call.json) {
    fmt::print("{}\n", text_of(to_json(results, all)));
  } else {
    show("{} of {} equal to the last bit{}\n", counts.equal, counts.all,
         counts.refused == 0 ? ""
                             : fmt::format("; {} cannot be run here, see above", counts.refused));
    const auto lacking = std::count_if(all.begin(), all.end(), [&](const VerifiedTrial& v) {
      return v.refusal.empty() && lacks_networks(results.trials[v.place]);
    });
    if (lacking > 0) {
      show("{} of them are of an older program, and do not have the SHA-256 of networks\n",
           lacking);
    }
    for (const int version : other_versions(results, all)) show_changes(results, version);
  }
  return exit_status(counts);
}

}  // namespace

void add_verify(CLI::App& program) {
  auto call = std::make_shared<VerifyCall>();
  CLI::App* verb = program.add_subcommand(
      "verify", "Run trials of known results again, and compare to the last bit");
  verb->add_option("results", call->results,
                   "results database, or what `hypnos results --json` printed")
      ->required();
  verb->add_option("--study", call->study, "only the trials of this study")->type_name("NAME");
  auto* trials = verb->add_option("--trials", call->trials, "run so many of them again")
                     ->type_name("N")
                     ->check(positive_count())
                     ->capture_default_str();
  verb->add_flag("--all", call->all, "run all of them again")->excludes(trials);
  auto* seed = verb->add_option("--seed", call->seed, "they are drawn by this seed")
                   ->type_name("SEED")
                   ->check(whole_number(0, largest_number))
                   ->capture_default_str();
  verb->add_flag("--cheapest", call->cheapest, "not drawn: those that take the least work")
      ->excludes(seed);
  verb->add_option("--jobs", call->jobs, "trials at a time, one thread each (default: all cores)")
      ->check(whole_number(1, 1024));
  verb->add_flag("--json", call->json, "print the result as JSON");
  verb->footer(
      "\nMeasures, confusions, and the SHA-256 of the network at each moment are compared. "
      "Networks\n"
      "are trained anew. Exit status: 0 all equal, 1 some differ, 2 some cannot be run here.\n"
      "Example:\n"
      "  hypnos verify results.sqlite --trials 3\n"
      "Example: results that somebody else has measured\n"
      "  hypnos verify docs/results/figure1.results.json --all");
  verb->callback([call] {
    if (const int status = run(*call); status != 0) throw CLI::RuntimeError(status);
  });
}

}  // namespace hypnos::cli
