#include <fmt/format.h>

#include <memory>

#include "base/json.hpp"
#include "cli/data_reading_choice.hpp"
#include "cli/verbs.hpp"
#include "data/data_summary_json.hpp"
#include "hypnos/named_data.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"

namespace hypnos::cli {
namespace {

struct DataOptions {
  std::string name;
  DataReadingChoice reading;
  bool json = false;
};

void list(const DataOptions& options) {
  Json sets = Json::array();
  std::vector<std::vector<std::string>> rows = {{"name", "where"}};
  for (const NamedData& data : named_data()) {
    const std::string folder = find_folder(data, cache_folder()).string();
    sets.push_back({{"name", data.name}, {"description", data.description}, {"folder", folder}});
    rows.push_back(
        {data.name, folder.empty() ? "not here; hypnos data fetch " + data.name : folder});
  }
  options.json ? fmt::print("{}\n", text_of(sets)) : show("{}", table(rows));
}

bool is_whole(const std::string& name) {
  try {
    summarize_data(name);  // reads all of it
    return true;
  } catch (const MissingDataError&) {
    return false;
  } catch (const DamagedDataError& error) {
    say("{}; it is fetched again\n", error.what());
    return false;
  }
}

void fetch_named(const DataOptions& options) {
  const NamedData& data = find_named_data(options.name);
  if (!is_whole(data.name)) {
    const CatchInterrupts catching;
    Watch bar("fetch");
    fetch(data, cache_folder(), bar.progress());
  }
  const std::string folder = find_folder(data, cache_folder()).string();
  say("{} is in {}\n", data.name, folder);
  if (options.json) fmt::print("{}\n", text_of(Json{{"name", data.name}, {"folder", folder}}));
}

// The rows of the table that say how a half was read.
std::vector<std::vector<std::string>> facts_of(const char* name, const HalfSummary& half) {
  return {{name, fmt::format("{} samples", half.samples())},
          {"  images",
           fmt::format("{}, {} [{}]{}", half.images_file, half.number_type,
                       fmt::join(half.shape, " x "), half.order == "C" ? "" : ", Fortran order")},
          {"  numbers", fmt::format("{} from {:g} to {:g}", half.whole ? "whole" : "with fractions",
                                    half.low, half.high)},
          {"  labels",
           fmt::format("{}, from {} to {}", half.labels_file, half.label_low, half.label_high)}};
}

std::string shape_text(const ImageShape& shape) {
  if (shape.rows == 1 && shape.channels == 1) return fmt::format("{} features", shape.columns);
  return fmt::format("images of {} x {} x {} (rows x columns x channels){}", shape.rows,
                     shape.columns, shape.channels,
                     shape.layout == Layout::channels_first ? ", channels first" : "");
}

void print_info(const DataSummary& data) {
  std::vector<std::vector<std::string>> facts = {
      {"data", data.name},
      {"read as", shape_text(data.shape)},
      {"scale", data.scale == ValueScale::pixels ? "pixels: numbers are divided by 255"
                                                 : "numbers are taken as they are"},
      {"classes", fmt::format("{}, counted from {}", data.classes, data.first_label)}};
  std::vector<std::vector<std::string>> counts = {{"class", "train", "test"}};
  for (std::size_t c = 0; c < data.classes; ++c) {
    counts.push_back({std::to_string(c),
                      data.train ? std::to_string(data.train->per_class[c]) : "-",
                      data.test ? std::to_string(data.test->per_class[c]) : "-"});
  }
  const auto add = [&](const char* name, const std::optional<HalfSummary>& half) {
    const auto rows =
        half ? facts_of(name, *half) : std::vector<std::vector<std::string>>{{name, "none"}};
    facts.insert(facts.end(), rows.begin(), rows.end());
  };
  add("train", data.train);
  add("test", data.test);
  if (!data.ignored.empty())
    facts.push_back({"ignored", fmt::format("{}", fmt::join(data.ignored, ", "))});
  for (const auto& row : facts) show("{:<10}{}\n", row[0], row[1]);
  show("\n{}", table(counts));
}

void info(const DataOptions& options) {
  DataReading reading;
  apply(options.reading, reading);
  const DataSummary data = summarize_data(options.name, reading);
  options.json ? fmt::print("{}\n", text_of(to_json(data))) : print_info(data);
}

}  // namespace

void add_data(CLI::App& program) {
  auto options = std::make_shared<DataOptions>();
  CLI::App* verb = program.add_subcommand("data", "List, fetch and describe data sets");
  verb->require_subcommand(1);
  verb->footer(
      "\nData sets are kept in $HYPNOS_DATA, or else in ~/.cache/hypnos.\n"
      "Example:\n"
      "  hypnos data fetch mnist");
  const auto add = [&](const char* name, const char* what, const char* argument,
                       const char* example, void (*run)(const DataOptions&)) {
    CLI::App* action = verb->add_subcommand(name, what);
    if (argument != nullptr) {
      action->add_option(argument, options->name, "name of a data set; a folder or a file")
          ->required();
    }
    action->add_flag("--json", options->json, "print the result as JSON");
    action->footer(std::string("\nExample:\n  ") + example);
    action->callback([options, run] { run(*options); });
    return action;
  };
  add("list", "The data sets that are known by name, and where they are", nullptr,
      "hypnos data list", list);
  add("fetch", "Download a data set, checked by SHA-256", "name", "hypnos data fetch mnist",
      fetch_named);
  CLI::App* shown =
      add("info", "What is in a data set and how it is read: shape, types, ranges, classes", "name",
          "hypnos data info fashion-mnist", info);
  add_data_reading_options(*shown, options->reading);
}

}  // namespace hypnos::cli
