#include "training/read_recipe_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hypnos {
namespace {

std::uint32_t class_number(const std::string& text) {
  std::uint32_t label = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), label);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw InputError(fmt::format("\"{}\" is not a class", text));
  }
  return label;
}

Normalization normalization_from(const Json& json) {
  Normalization read{.standardize = json.value("standardize", false),
                     .means = json.at("mean").get<std::vector<double>>(),
                     .deviations = json.at("std").get<std::vector<double>>()};
  const bool positive = std::all_of(read.deviations.begin(), read.deviations.end(),
                                    [](double deviation) { return deviation > 0; });
  if (read.means.size() != read.deviations.size() || !positive) {
    throw InputError("normalize needs as many means as positive deviations");
  }
  return read;
}

OptionValue value_from(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number()) return json.get<double>();
  return json.get<std::string>();
}

}  // namespace

std::uint64_t count_from(const Json& json) {
  if (!json.is_number_unsigned()) throw InputError(text_of(json) + " is not a whole number");
  return json.get<std::uint64_t>();
}

Subset subset_from(const Json& json) {
  Subset subset;
  if (json.contains("fraction")) subset.fraction = json["fraction"].get<double>();
  if (json.contains("per_class")) subset.per_class = count_from(json["per_class"]);
  const Json keep = json.value("keep", Json::object());
  for (const auto& [label, part] : keep.items()) {
    subset.keep[class_number(label)] = part.get<double>();
  }
  subset.seed = count_from(json.at("seed"));
  return subset;
}

DataReading reading_from(const Json& json) {
  DataReading reading;
  if (json.contains("layout")) reading.layout = named_value<Layout>(json["layout"]);
  if (json.contains("range")) reading.scale = named_value<ValueScale>(json["range"]);
  if (json.contains("first_label")) {
    const std::uint64_t label = count_from(json["first_label"]);
    if (label > 1) throw InputError(fmt::format("first_label {} is neither 0 nor 1", label));
    reading.first_label = static_cast<std::uint32_t>(label);
  }
  if (json.contains("normalize")) reading.normalization = normalization_from(json["normalize"]);
  return reading;
}

TrainingOptions training_from(const Json& json) {
  TrainingOptions options;
  for (const auto& [name, value] : json.items()) {
    if (find_training_option(name) == nullptr) {
      throw InputError(fmt::format("training has the option \"{}\", which is not known", name));
    }
  }
  for (const TrainingOption& option : training_options()) {
    const std::string name(option.name);
    if (json.contains(name)) {
      set_option(options, option, value_from(json[name]));
    } else if (option.always_written) {
      throw InputError("training has no " + name);
    }
  }
  return options;
}

}  // namespace hypnos
