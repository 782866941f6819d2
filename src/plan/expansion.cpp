#include "plan/expansion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// Keys of a plan that are no choices of its trials.
constexpr std::array<std::string_view, 5> other_keys = {"name", "sleep_parameters", "seeds",
                                                        "first_seed", "answers"};

void check_names(const toml::table& table) {
  for (const auto& entry : table) {
    const std::string_view name = entry.first.str();
    std::string known;
    bool is_known = std::find(other_keys.begin(), other_keys.end(), name) != other_keys.end();
    for (const PlanKey& key : plan_keys()) {
      known += key.name + ", ";
      is_known = is_known || name == key.name;
    }
    if (!is_known) {
      throw ParameterError(std::string(name),
                           fmt::format("is not a key of a plan; keys: {}{}, variant", known,
                                       fmt::join(other_keys, ", ")));
    }
  }
}

// A value of [sleep_parameters], kept as TOML until the parameters are read.
PlanKey sleep_key(const std::string& name) {
  return {"sleep_parameters." + name, "a sleep parameter, with a value that it takes",
          [name](Choices& choices, const toml::node& node) {
            std::ostringstream value;
            node.visit([&](const auto& typed) { value << typed; });
            SleepParameters scratch;
            try {
              apply_setting(scratch, name + "=" + value.str());
            } catch (const InputError&) {
              return false;
            }
            choices.sleep_parameters[name] = value.str();
            return true;
          }};
}

// A key and its values: one, or those of a list.
struct Axis {
  PlanKey key;
  std::vector<const toml::node*> values;
};

Axis make_axis(const PlanKey& key, const toml::node& node) {
  Choices scratch;
  const auto fits = [&](const toml::node& value) { return key.read(scratch, value); };
  Axis axis{key, {}};
  if (fits(node)) {
    axis.values.push_back(&node);
  } else if (const toml::array* list = node.as_array()) {
    if (std::all_of(list->begin(), list->end(), fits)) {
      for (const toml::node& value : *list) axis.values.push_back(&value);
    }
  }
  if (axis.values.empty()) {
    throw ParameterError(key.name, fmt::format("must be {}, or a list of such", key.expected));
  }
  return axis;
}

std::vector<Axis> axes_of(const toml::table& table) {
  std::vector<Axis> axes;
  for (const PlanKey& key : plan_keys()) {
    if (const toml::node* node = table.get(key.name)) axes.push_back(make_axis(key, *node));
  }
  if (const toml::node* node = table.get("sleep_parameters")) {
    if (!node->is_table()) throw ParameterError("sleep_parameters", "must be a table");
    for (const auto& entry : *node->as_table()) {
      axes.push_back(make_axis(sleep_key(std::string(entry.first.str())), entry.second));
    }
  }
  return axes;
}

std::optional<std::uint64_t> whole_number(const toml::node& node) {
  const auto value = node.value_exact<std::int64_t>();
  if (!value || *value < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

}  // namespace

void throw_too_many() {
  throw InputError(fmt::format(
      "stands for more than {} trials; take fewer seeds or values, or several plans", most_trials));
}

std::vector<Choices> expand(const toml::table& table) {
  check_names(table);
  std::vector<Choices> all = {Choices()};
  for (const Axis& axis : axes_of(table)) {
    if (all.size() * axis.values.size() > most_trials) throw_too_many();
    std::vector<Choices> longer;
    for (const Choices& choices : all) {
      for (const toml::node* value : axis.values) {
        axis.key.read(longer.emplace_back(choices), *value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

std::vector<std::uint64_t> seeds_of(const toml::table& table) {
  const toml::node* first_node = table.get("first_seed");
  const auto first = first_node == nullptr ? 1 : whole_number(*first_node);
  if (!first) throw ParameterError("first_seed", "must be a whole number, 0 or more");
  const toml::node* node = table.get("seeds");
  if (node == nullptr) return {*first};
  std::vector<std::uint64_t> seeds;
  if (const auto count = whole_number(*node)) {
    if (*count > most_trials) throw_too_many();
    for (std::uint64_t s = 0; s < *count; ++s) seeds.push_back(*first + s);
  } else if (const toml::array* list = node->as_array()) {
    for (const toml::node& element : *list) {
      const auto seed = whole_number(element);
      if (!seed) return {};
      seeds.push_back(*seed);
    }
  }
  return seeds;
}

}  // namespace hypnos
