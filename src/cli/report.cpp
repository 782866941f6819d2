#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/atomic_file.hpp"
#include "cli/verbs.hpp"
#include "data/files_of_call.hpp"
#include "hypnos/error.hpp"
#include "hypnos/recording.hpp"
#include "report/figures.hpp"
#include "report/page.hpp"
#include "report/recording_data.hpp"
#include "report/report_file.hpp"
#include "report/results_page.hpp"
#include "report/script.hpp"
#include "report/study_data.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"
#include "version/version.hpp"

namespace hypnos::cli {
namespace {

struct ReportOptions {
  std::string input;
  std::string study;
  std::string recording;
  std::string trace;
  std::string output;
  std::string figures;
  bool json = false;
};

void check(const ReportOptions& options) {
  if (options.output.empty() && options.figures.empty() && !options.json) {
    throw InputError(
        "name the page to write with -o FILE.html, or a folder with --figures DIR, or ask for "
        "--json");
  }
  if (!has_report() && !(options.output.empty() && options.figures.empty())) {
    throw InputError(
        "this hypnos was built without Node.js, and has no page and no figures; install Node.js "
        "(scripts/setup), configure and build again. --json works");
  }
  if (!options.output.empty()) check_writable(options.output);
  Files files{.read = {{"the results", options.input},
                       {"--recording", options.recording},
                       {"--trace", options.trace}},
              .written = {{"-o", options.output}}};
  if (!options.recording.empty()) {
    files.read.push_back({"--recording (its states)", state_file(options.recording)});
  }
  // SQLite keeps a part of a database beside it while it is written.
  for (const char* end : {"-journal", "-wal", "-shm", ".lock"}) {
    files.read.push_back({"the results", options.input + end});
  }
  check_files_differ(files);
}

// Adds to the errors of the library what to do about them.
template <typename Work>
auto with_advice(const Work& work) {
  try {
    return work();
  } catch (const NoTrialsError& error) {
    throw InputError(fmt::format("{}; see hypnos run", error.what()));
  } catch (const NotAReportError& error) {
    throw FileError(error.file(),
                    "is neither a results database of hypnos run nor a file of hypnos report "
                    "--json");
  } catch (const ReportVersionError& error) {
    throw InputError(fmt::format("{}; write it anew with hypnos report --json", error.what()));
  } catch (const NotARecordingError& error) {
    throw InputError(fmt::format("{}; give a file of hypnos sleep --record", error.what()));
  } catch (const NotATraceError& error) {
    throw InputError(fmt::format("{}; give a file of hypnos sleep --trace", error.what()));
  }
}

Json collect_with_bar(const ReportOptions& options, const std::string& command) {
  Watch bar("report");
  return with_advice([&] {
    return results_data({.input = options.input,
                         .study = options.study,
                         .recording = options.recording,
                         .trace = options.trace,
                         .program = version(),
                         .command = command},
                        bar.progress());
  });
}

std::size_t draw_with_bar(const Json& data, const std::string& folder) {
  Watch bar("figures");
  return write_figures(data, folder, bar.progress());
}

void write(const ReportOptions& options, Json data) {
  if (options.json) fmt::print("{}\n", report_text(data));
  if (!options.output.empty()) {
    const std::string page = results_page(data, version());
    write_file(options.output, page);
    say("{}: {:.2f} MB\n", options.output, static_cast<double>(page.size()) / 1e6);
  }
  if (!options.figures.empty()) {
    say("{}: {} figures\n", options.figures, draw_with_bar(data, options.figures));
  }
}

void run(const ReportOptions& options, const std::string& command) {
  check(options);
  const CatchInterrupts catching;
  write(options, collect_with_bar(options, command));
}

}  // namespace

void add_report(CLI::App& program, const std::string& command) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* verb = program.add_subcommand("report", "Show what studies found as a page of figures");
  verb->add_option("results", options->input,
                   "results database of hypnos run, or what --json wrote of one")
      ->required();
  verb->add_option("--study", options->study,
                   "only this study (the name of its plan's file, without .toml)")
      ->type_name("NAME");
  auto* recording = verb->add_option("--recording", options->recording,
                                     "show this sleep too: what hypnos sleep --record wrote")
                        ->type_name("FILE.npy");
  verb->add_option("--trace", options->trace, "and its accuracy: what --trace wrote")
      ->type_name("FILE.csv")
      ->needs(recording);
  verb->add_option("-o,--output", options->output, "page to write: one HTML file")
      ->type_name("FILE.html");
  verb->add_option("--figures", options->figures,
                   "write the page's charts into this folder as SVG files (needs Node.js)")
      ->type_name("DIR");
  verb->add_flag("--json", options->json,
                 "print what the page shows as JSON, from which hypnos report makes the page too");
  verb->footer(
      "\nExample:\n"
      "  hypnos report results.sqlite -o report.html\n"
      "Example: charts for a paper\n"
      "  hypnos report results.sqlite --study figure1 --figures figures\n"
      "Example: results to keep, and their page\n"
      "  hypnos report results.sqlite --json > results.json\n"
      "  hypnos report results.json -o report.html");
  verb->callback([options, command] { run(*options, command); });
}

}  // namespace hypnos::cli
