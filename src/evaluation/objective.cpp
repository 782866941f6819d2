#include "hypnos/objective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw ParameterError("objective", what);
}

// Takes the text up to the mark away, and the mark.
std::string_view cut(std::string_view& text, char mark) {
  const std::size_t end = text.find(mark);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

std::vector<std::uint32_t> read_classes(std::string_view text) {
  std::vector<std::uint32_t> classes;
  if (!text.empty() && text.back() == ',') refuse("a class number is missing after the last comma");
  while (!text.empty()) {
    const std::string_view part = cut(text, ',');
    const auto label = number<std::uint32_t>(part);
    if (!label) refuse(fmt::format("recall of \"{}\", which is no class number", part));
    classes.push_back(*label);
  }
  if (classes.empty()) refuse("recall needs the numbers of classes, as in recall:3 or recall:3,5");
  return classes;
}

Objective::Term read_term(std::string_view text) {
  Objective::Term term;
  if (text.find('*') != std::string_view::npos) {
    const std::string_view factor = cut(text, '*');
    const auto weight = number<double>(factor);
    if (!weight || !(*weight > 0 && *weight <= 1e9)) {
      refuse(fmt::format("\"{}\" is no weight above 0", factor));
    }
    term.weight = *weight;
  }
  const bool has_classes = text.find(':') != std::string_view::npos;
  const std::string_view name = cut(text, ':');
  const auto measure = named<Measure>(name);
  if (!measure) {
    refuse(
        fmt::format("there is no measure \"{}\"; there are {}, and sums of them, as in "
                    "0.5*accuracy+0.5*recall:3",
                    name, list_names<Measure>()));
  }
  term.measure = *measure;
  if (term.measure == Measure::recall) {
    term.classes = read_classes(text);
  } else if (has_classes) {
    refuse(fmt::format("{} is of all classes; only recall takes their numbers", name));
  }
  return term;
}

bool is_of_probabilities(Measure measure) {
  return measure == Measure::roc_area || measure == Measure::cross_entropy ||
         measure == Measure::calibration_error;
}

double recall_of(const std::vector<std::uint32_t>& classes, const Metrics& metrics) {
  double sum = 0;
  for (const std::uint32_t label : classes) {
    if (label >= metrics.per_class.size() || metrics.per_class[label].samples == 0) {
      throw InputError(fmt::format("no sample is of class {}, whose recall is asked for", label));
    }
    sum += metrics.per_class[label].recall;
  }
  return sum / static_cast<double>(classes.size());
}

const ProbabilityMetrics& of_probabilities(Measure measure, const Metrics& metrics) {
  if (metrics.probabilities) return *metrics.probabilities;
  throw InputError(fmt::format("{} needs outputs, and there are answers alone", name_of(measure)));
}

double value_of(const Objective::Term& term, const Metrics& metrics) {
  switch (term.measure) {
    case Measure::accuracy:
      return metrics.accuracy;
    case Measure::balanced_accuracy:
      return metrics.balanced_accuracy;
    case Measure::macro_f1:
      return metrics.macro_f1;
    case Measure::geometric_mean:
      return metrics.geometric_mean;
    case Measure::worst_class:
      return metrics.worst_recall;
    case Measure::recall:
      return recall_of(term.classes, metrics);
    case Measure::cross_entropy:
      return -of_probabilities(term.measure, metrics).cross_entropy;
    case Measure::calibration_error:
      return -of_probabilities(term.measure, metrics).calibration_error;
    case Measure::roc_area:
      break;
  }
  const ProbabilityMetrics& probabilities = of_probabilities(term.measure, metrics);
  if (probabilities.roc_area) return *probabilities.roc_area;
  throw InputError("the area under the ROC curve needs samples of two classes");
}

}  // namespace

Objective read_objective(std::string_view text) {
  Objective objective;
  objective.terms.clear();
  if (text.empty() || text.back() == '+') refuse(fmt::format("\"{}\" names no measure", text));
  while (!text.empty()) objective.terms.push_back(read_term(cut(text, '+')));
  return objective;
}

std::string text_of(const Objective& objective) {
  std::string text;
  for (const Objective::Term& term : objective.terms) {
    if (!text.empty()) text += "+";
    if (term.weight != 1) text += fmt::format("{}*", term.weight);
    text += name_of(term.measure);
    if (!term.classes.empty()) text += fmt::format(":{}", fmt::join(term.classes, ","));
  }
  return text;
}

bool needs_probabilities(const Objective& objective) {
  return std::any_of(objective.terms.begin(), objective.terms.end(),
                     [](const Objective::Term& term) { return is_of_probabilities(term.measure); });
}

double value_of(const Objective& objective, const Metrics& metrics) {
  double value = 0;
  for (const Objective::Term& term : objective.terms) {
    value += term.weight * value_of(term, metrics);
  }
  return value;
}

double worst_value(const Objective& objective) {
  constexpr double worst_cross_entropy = 1000;
  double value = 0;
  for (const Objective::Term& term : objective.terms) {
    if (term.measure == Measure::cross_entropy) value -= term.weight * worst_cross_entropy;
    if (term.measure == Measure::calibration_error) value -= term.weight;
  }
  return value;
}

}  // namespace hypnos
