// Reads and writes sleep parameters as TOML. One table says what keys there are, and how each is
// read and written.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <sstream>

#include "base/toml.hpp"
#include "hypnos/error.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace hypnos {
namespace {

struct Key {
  const char* name;
  const char* expected;
  /// Takes the value over; false when it does not fit.
  std::function<bool(SleepParameters&, const toml::node&)> read;
  /// The value as TOML, or nothing when it need not be written.
  std::function<std::string(const SleepParameters&)> write;
  /// The key that says the same in another way; a file has one of the two.
  const char* other = nullptr;
};

bool read_number(const toml::node& node, double& value) {
  const auto number = node.value<double>();
  if (number) value = *number;
  return number.has_value();
}

template <typename Integer>
bool read_count(const toml::node& node, Integer& value) {
  const auto count = node.value_exact<std::int64_t>();
  if (!count || *count < 0) return false;
  value = static_cast<Integer>(*count);
  return true;
}

bool read_numbers(const toml::node& node, std::vector<double>& values) {
  if (!node.is_array()) return false;
  std::vector<double> read;
  for (const toml::node& element : *node.as_array()) {
    if (!read_number(element, read.emplace_back())) return false;
  }
  values = std::move(read);
  return true;
}

template <typename Enum>
bool read_name(const toml::node& node, Enum& value) {
  const auto found = named<Enum>(node.value_or(std::string()));
  if (found) value = *found;
  return found.has_value();
}

template <typename Enum>
std::string write_name(Enum value) {
  return fmt::format("\"{}\"", name_of(value));
}

std::string write_text(const std::string& text) {
  std::ostringstream out;
  out << toml::value<std::string>(text);
  return out.str();
}

std::string write_number(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string write_numbers(const std::vector<double>& values) {
  std::string list;
  for (const double value : values) list += (list.empty() ? "" : ", ") + write_number(value);
  return "[" + list + "]";
}

// @param usual a value that need not be written
Key number_key(const char* name, double SleepParameters::* member,
               std::optional<double> usual = std::nullopt) {
  return {name, "a number",
          [member](SleepParameters& p, const toml::node& n) { return read_number(n, p.*member); },
          [member, usual](const SleepParameters& p) {
            return p.*member == usual ? "" : write_number(p.*member);
          }};
}

template <typename Integer>
Key count_key(const char* name, Integer SleepParameters::* member) {
  return {name, "a whole number, 0 or more",
          [member](SleepParameters& p, const toml::node& n) { return read_count(n, p.*member); },
          [member](const SleepParameters& p) { return std::to_string(p.*member); }};
}

// The key of a member that can hold one of several lists; this key stands for the list `List`.
template <typename List, typename Member>
Key numbers_key(const char* name, Member SleepParameters::* member, const char* other = nullptr) {
  return {name, "a list of numbers, one per layer",
          [member](SleepParameters& p, const toml::node& n) {
            List list;
            const bool fits = read_numbers(n, list.values);
            if (fits) p.*member = std::move(list);
            return fits;
          },
          [member](const SleepParameters& p) {
            const auto* list = std::get_if<List>(&(p.*member));
            return list == nullptr ? "" : write_numbers(list->values);
          },
          other};
}

Key gain_scale_key(const char* name) {
  return {name, "a number",
          [](SleepParameters& p, const toml::node& n) {
            GainScale scale;
            const bool fits = read_number(n, scale.value);
            if (fits) p.input_gain = scale;
            return fits;
          },
          [](const SleepParameters& p) {
            const auto* scale = std::get_if<GainScale>(&p.input_gain);
            return scale == nullptr ? "" : write_number(scale->value);
          }};
}

const std::vector<Key>& keys() {
  using P = SleepParameters;
  static const std::vector<Key> all = {
      {"source", "a text",
       [](P& p, const toml::node& n) {
         const auto text = n.value<std::string>();
         if (text) p.source = *text;
         return text.has_value();
       },
       [](const P& p) { return p.source.empty() ? "" : write_text(p.source); }},
      {"rule", "\"tadros2022\", \"sigmoid\" or \"hebbian\"",
       [](P& p, const toml::node& n) { return read_name(n, p.rule); },
       [](const P& p) { return write_name(p.rule); }},
      count_key("steps", &P::steps),
      number_key("time_step", &P::time_step),
      number_key("max_rate", &P::max_rate),
      count_key("patch", &P::patch),
      number_key("decay", &P::decay),
      number_key("increment", &P::increment),
      number_key("decrement", &P::decrement),
      numbers_key<Thresholds>("threshold", &P::firing),
      numbers_key<TargetRates>("target_rate", &P::firing, "threshold"),
      gain_scale_key("alpha_scale"),
      numbers_key<GivenGains>("alpha", &P::input_gain, "alpha_scale"),
      number_key("dose", &P::dose, 1),
      number_key("growth", &P::growth, 0),
      {"bias", "\"none\" or \"current\"",
       [](P& p, const toml::node& n) { return read_name(n, p.bias); },
       [](const P& p) { return p.bias == BiasMode::none ? "" : write_name(p.bias); }},
      number_key("inhibition", &P::inhibition, 0),
      number_key("output_current", &P::output_current, 0),
  };
  return all;
}

// How many letters must be typed, deleted or changed to get from one word to the other
// (Levenshtein 1966).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

const char* nearest_key(std::string_view name) {
  const auto nearest =
      std::min_element(keys().begin(), keys().end(), [&](const Key& a, const Key& b) {
        return edit_distance(name, a.name) < edit_distance(name, b.name);
      });
  return nearest->name;
}

// Takes the values of a table over. An error says what is wrong in one line, and not where.
void read_table(const toml::table& table, SleepParameters& parameters) {
  for (const auto& entry : table) {
    const toml::key& name = entry.first;
    const toml::node& node = entry.second;
    // How the values were found: no sleep depends on it.
    if (name.str() == "tuned" && node.is_table()) continue;
    const auto key = std::find_if(keys().begin(), keys().end(),
                                  [&](const Key& k) { return name.str() == k.name; });
    if (key == keys().end()) {
      throw ParameterError(
          std::string(name.str()),
          fmt::format("is not a sleep parameter; did you mean {}?", nearest_key(name.str())));
    }
    if (key->other != nullptr && table.contains(key->other)) {
      throw ParameterError(key->name, fmt::format("cannot be combined with {}", key->other));
    }
    if (!key->read(parameters, node)) {
      throw ParameterError(key->name, fmt::format("must be {}", key->expected));
    }
  }
}

}  // namespace

SleepParameters parse_sleep_parameters(std::string_view text, const std::string& origin) {
  SleepParameters parameters;
  try {
    read_table(toml::parse(text), parameters);
  } catch (const toml::parse_error& error) {
    throw FileError(origin,
                    fmt::format("line {}: {}", error.source().begin.line, error.description()));
  } catch (const InputError& error) {
    throw FileError(origin, error.what());
  }
  return parameters;
}

SleepParameters read_sleep_parameters(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) throw FileError(path, "there is no such file");
  try {
    SleepParameters parameters;
    read_table(toml::parse_file(path.string()), parameters);
    return parameters;
  } catch (const toml::parse_error& error) {
    throw FileError(path,
                    fmt::format("line {}: {}", error.source().begin.line, error.description()));
  } catch (const InputError& error) {
    throw FileError(path, error.what());
  }
}

void apply_setting(SleepParameters& parameters, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos) {
    throw InputError(fmt::format("\"{}\" is not of the form key=value", setting));
  }
  const std::string key = setting.substr(0, equals);
  const std::string value = setting.substr(equals + 1);
  toml::table table;
  try {
    table = toml::parse(fmt::format("value = {}", value));
  } catch (const toml::parse_error&) {
    // A bare word is a text.
    table.insert("value", value);
  }
  if (table.size() != 1) {
    throw ParameterError(key, "has a value that goes on in a line of its own; set one at a time");
  }
  SleepParameters changed = parameters;
  toml::table named;
  named.insert(key, *table.get("value"));
  read_table(named, changed);
  parameters = std::move(changed);
}

std::string to_toml(const SleepParameters& parameters) {
  std::string text;
  for (const Key& key : keys()) {
    const std::string value = key.write(parameters);
    if (!value.empty()) text += fmt::format("{} = {}\n", key.name, value);
  }
  return text;
}

}  // namespace hypnos
