#include "hypnos/plan.hpp"

#include <fmt/format.h>

#include <set>
#include <sstream>

#include "base/toml.hpp"
#include "base/whole_file.hpp"
#include "hypnos/error.hpp"
#include "plan/expansion.hpp"
#include "plan/resolution.hpp"
#include "plan/sequence_resolution.hpp"

namespace hypnos {
namespace {

// Sleep parameters are replaced one by one; another table (keep) is replaced as a whole.
bool is_merged(const toml::key& key, const toml::node* old, const toml::node& node) {
  return key == "sleep_parameters" && old != nullptr && old->is_table() && node.is_table();
}

void erase_keys(toml::table& table, const toml::table& keys) {
  for (const auto& [key, node] : keys) {
    if (is_merged(key, table.get(key), node)) {
      erase_keys(*table.get(key)->as_table(), *node.as_table());
    } else {
      table.erase(key);
    }
    // Both keys say how much is kept, so that one takes the place of the other.
    if (key == "fraction") table.erase("per_class");
    if (key == "per_class") table.erase("fraction");
  }
}

void replace_keys(toml::table& table, const toml::table& by) {
  erase_keys(table, by);
  for (const auto& [key, node] : by) {
    if (is_merged(key, table.get(key), node)) {
      replace_keys(*table.get(key)->as_table(), *node.as_table());
    } else {
      table.insert_or_assign(key, node);
    }
  }
}

toml::table parse_setting(const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw InputError(fmt::format("\"{}\" is not of the form key=value", setting));
  }
  try {
    return toml::parse(setting);
  } catch (const toml::parse_error&) {
    // The value is a bare word: it stands for a text.
    std::ostringstream text;
    text << setting.substr(0, equals + 1) << toml::value<std::string>(setting.substr(equals + 1));
    try {
      return toml::parse(text.str());
    } catch (const toml::parse_error&) {
      throw InputError(fmt::format("\"{}\" is not of the form key=value", setting));
    }
  }
}

// Takes the tables [[variant]] out of the plan. A plan without any has one that changes nothing.
std::vector<toml::table> take_variants(toml::table& plan) {
  std::vector<toml::table> variants;
  if (const toml::node* node = plan.get("variant")) {
    if (!node->is_array_of_tables()) {
      throw ParameterError("variant", "must be tables, each headed [[variant]]");
    }
    for (const toml::node& variant : *node->as_array()) variants.push_back(*variant.as_table());
    plan.erase("variant");
  }
  if (variants.empty()) variants.emplace_back();
  return variants;
}

void add_trials(const toml::table& table, const Surroundings& surroundings, Plan& plan,
                std::set<std::string>& ids) {
  const std::vector<std::uint64_t> seeds = seeds_of(table);
  if (seeds.empty()) {
    throw ParameterError("seeds", "must be a number of seeds, or a list of whole numbers");
  }
  const toml::node* name = table.get("name");
  if (name != nullptr && !name->is_string()) throw ParameterError("name", "must be a text");
  std::vector<Choices> all;
  for (const Choices& choices : expand(table)) {
    const std::vector<Choices> with_learners = with_each_learner(choices);
    all.insert(all.end(), with_learners.begin(), with_learners.end());
  }
  if (plan.trials.size() + all.size() * seeds.size() > most_trials) throw_too_many();
  for (const Choices& choices : all) {
    Trial trial = resolve(choices, surroundings);
    if (name != nullptr) trial.name = name->value_or(std::string());
    for (const std::uint64_t seed : seeds) {
      trial.seed = seed;
      trial.subset.seed = seed;
      if (ids.insert(id_of(trial)).second) plan.trials.push_back(trial);
    }
  }
}

Plan read(toml::table table, std::span<const std::string> settings,
          const Surroundings& surroundings) {
  toml::table chosen;
  for (const std::string& setting : settings) replace_keys(chosen, parse_setting(setting));
  std::vector<toml::table> variants = take_variants(table);
  replace_keys(table, chosen);
  Plan plan;
  plan.answers = table["answers"].value_or(std::string());
  if (plan.answers.empty()) {
    throw ParameterError("answers", "is missing: the sentence or figure that the study is about");
  }
  std::set<std::string> ids;
  toml::array written;
  for (toml::table& variant : variants) {
    erase_keys(variant, chosen);
    if (!variant.empty()) written.push_back(variant);
    toml::table whole = table;
    replace_keys(whole, variant);
    add_trials(whole, surroundings, plan, ids);
  }
  if (!written.empty()) table.insert("variant", written);
  std::ostringstream text;
  text << table << '\n';
  plan.text = text.str();
  return plan;
}

}  // namespace

Plan read_plan(const std::filesystem::path& path, std::span<const std::string> settings,
               const ParameterSource& parameters, DataSets& data) {
  if (!std::filesystem::is_regular_file(path)) throw FileError(path, "there is no such file");
  try {
    const std::string text = read_file(path);
    Plan plan = read(
        toml::parse(text), settings,
        {.folder = path.parent_path(),
         .parameters = parameters,
         .data =
             [&](const char* key, const std::string& data_name) {
               return find_data(key, data_name, path.parent_path());
             },
         .checksum = [&](const std::string& name,
                         const DataReading& reading) { return data.checksum(name, reading); }});
    plan.name = path.stem().string();
    plan.file = std::filesystem::canonical(path);
    if (settings.empty()) plan.text = text;  // as its author wrote it
    return plan;
  } catch (const toml::parse_error& error) {
    throw FileError(path,
                    fmt::format("line {}: {}", error.source().begin.line, error.description()));
  } catch (const AmbiguousDataError& error) {
    throw FileError(path, fmt::format("{}; the key {} decides: {}", error.what(), error.choice(),
                                      fmt::join(error.values(), " or ")));
  } catch (const FileError&) {
    throw;
  } catch (const InputError& error) {
    throw FileError(path, error.what());
  }
}

}  // namespace hypnos
