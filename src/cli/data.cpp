#include <fmt/format.h>

#include <memory>

#include "base/json.hpp"
#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "cli/verbs.hpp"
#include "cli/watch.hpp"
#include "hypnos/named_data.hpp"

namespace hypnos::cli {
namespace {

struct Options {
  std::string name;
  bool json = false;
};

void list(const Options& options) {
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

void fetch_named(const Options& options) {
  const NamedData& data = find_named_data(options.name);
  if (find_folder(data, cache_folder()).empty()) {
    const CatchInterrupts catching;
    Watch bar("fetch");
    fetch(data, cache_folder(), bar.progress());
  }
  load(data.name, Split::train);  // checks
  load(data.name, Split::test);
  const std::string folder = find_folder(data, cache_folder()).string();
  say("{} is in {}\n", data.name, folder);
  if (options.json) fmt::print("{}\n", text_of(Json{{"name", data.name}, {"folder", folder}}));
}

void info(const Options& options) {
  Json result = {{"name", options.name}};
  std::vector<std::vector<std::string>> rows = {{"class", "train", "test"}};
  for (const Split split : {Split::train, Split::test}) {
    const Dataset data = load(options.name, split);
    std::vector<std::size_t> counts(data.classes, 0);
    for (const std::uint32_t label : data.labels) ++counts[label];
    const char* name = split == Split::train ? "train" : "test";
    result["shape"] = {data.shape.rows, data.shape.columns, data.shape.channels};
    result[name] = {{"samples", data.size()}, {"per_class", counts}};
    const std::size_t column = split == Split::train ? 1 : 2;
    for (std::size_t c = 0; c < counts.size(); ++c) {
      if (rows.size() < c + 2) rows.push_back({std::to_string(c), "0", "0"});
      rows[c + 1][column] = std::to_string(counts[c]);
    }
  }
  if (options.json) {
    fmt::print("{}\n", text_of(result));
  } else {
    show("{}: images of {} (rows x columns x channels), {} for training, {} for testing\n{}",
         options.name, fmt::join(result["shape"].get<std::vector<std::size_t>>(), " x "),
         result["train"]["samples"].get<std::size_t>(),
         result["test"]["samples"].get<std::size_t>(), table(rows));
  }
}

}  // namespace

void add_data(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = program.add_subcommand("data", "List, fetch and describe data sets");
  verb->require_subcommand(1);
  verb->footer(
      "\nData sets are kept in $HYPNOS_DATA, or else in ~/.cache/hypnos.\n"
      "Example:\n"
      "  hypnos data fetch mnist");
  const auto add = [&](const char* name, const char* what, const char* argument,
                       const char* example, void (*run)(const Options&)) {
    CLI::App* action = verb->add_subcommand(name, what);
    if (argument != nullptr) {
      action->add_option(argument, options->name, "name of a data set")->required();
    }
    action->add_flag("--json", options->json, "print the result as JSON");
    action->footer(std::string("\nExample:\n  ") + example);
    action->callback([options, run] { run(*options); });
  };
  add("list", "The data sets that are known by name, and where they are", nullptr,
      "hypnos data list", list);
  add("fetch", "Download a data set, checked by SHA-256", "name", "hypnos data fetch mnist",
      fetch_named);
  add("info", "Shapes and class counts of a data set, named or in a folder", "name",
      "hypnos data info fashion-mnist", info);
}

}  // namespace hypnos::cli
