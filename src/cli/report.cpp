#include <fmt/format.h>

#include <memory>

#include "base/atomic_file.hpp"
#include "cli/console.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"
#include "hypnos/error.hpp"
#include "report/figures.hpp"
#include "report/page.hpp"
#include "report/recording_data.hpp"
#include "report/study_data.hpp"

namespace hypnos::cli {
namespace {

struct Options {
  std::string database;
  std::string study;
  std::string recording;
  std::string trace;
  std::string output;
  std::string figures;
};

void run(const Options& options, const std::string& command) {
  if (options.output.empty() && options.figures.empty()) {
    throw InputError("name the page to write with -o FILE.html, or a folder with --figures DIR");
  }
  if (!options.output.empty()) check_writable(options.output);
  const Database database(options.database, Database::Access::read);
  Json data = {{"kind", "study"},
               {"source", options.database},
               {"program", version()},
               {"command", command}};
  data["studies"] =
      studies_data(database, options.study.empty() ? std::nullopt : std::optional(options.study));
  if (!options.recording.empty()) {
    data["recording"] = recording_data({.spikes = options.recording, .trace = options.trace});
    data["recording"]["source"] = options.recording;
  }
  if (!options.output.empty()) {
    const std::string page = page_with(data);
    write_file(options.output, page);
    say("{}: {:.2f} MB\n", options.output, static_cast<double>(page.size()) / 1e6);
  }
  if (!options.figures.empty()) {
    say("{}: {} figures\n", options.figures, write_figures(data, options.figures));
  }
}

}  // namespace

void add_report(CLI::App& program, const std::string& command) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = program.add_subcommand("report", "Show what studies found as a page of figures");
  verb->add_option("database", options->database, "results database of hypnos run")->required();
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
  verb->footer(
      "\nExample:\n"
      "  hypnos report results.sqlite -o report.html\n"
      "Example: charts for a paper\n"
      "  hypnos report results.sqlite --study figure1 --figures figures");
  verb->callback([options, command] { run(*options, command); });
}

}  // namespace hypnos::cli
