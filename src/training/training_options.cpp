// The table of training options.

#include "hypnos/training_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

using O = TrainingOptions;
using Kind = TrainingOption::Kind;

// The numbers that an option takes.
struct Values {
  double low;
  double high;
  bool low_included = true;
  bool high_included = true;

  bool contain(double value) const {
    return std::isfinite(value) && (low_included ? value >= low : value > low) &&
           (high_included ? value <= high : value < high);
  }
};

constexpr Values positive = {.low = 0, .high = 1e30, .low_included = false, .high_included = false};
constexpr Values not_negative = {.low = 0, .high = 1e30, .high_included = false};
constexpr Values below_one = {.low = 0, .high = 1, .high_included = false};

// What a table line says beside the value's place.
struct Line {
  std::string_view name;
  std::string_view help;
  std::string_view expected;
  std::string_view unit = {};
  bool structural = false;
  bool always_written = false;
};

TrainingOption option(const Line& line, Kind kind) {
  return {.name = line.name,
          .help = line.help,
          .expected = line.expected,
          .unit = line.unit,
          .kind = kind,
          .structural = line.structural,
          .always_written = line.always_written,
          .get = {},
          .set = {}};
}

// @param place from options (constant or not) to the number in them
template <typename Place>
TrainingOption number(const Line& line, Values values, Place place) {
  TrainingOption made = option(line, Kind::number);
  made.get = [place](const O& o) { return place(o); };
  made.set = [place, values](O& o, const OptionValue& value) {
    const double* given = std::get_if<double>(&value);
    if (given == nullptr || !values.contain(*given)) return false;
    place(o) = *given;
    return true;
  };
  return made;
}

template <typename Place>
TrainingOption count(const Line& line, double least, Place place) {
  TrainingOption made = option(line, Kind::count);
  made.get = [place](const O& o) { return static_cast<double>(place(o)); };
  made.set = [place, least](O& o, const OptionValue& value) {
    constexpr double most = 1e9;
    const double* given = std::get_if<double>(&value);
    if (given == nullptr || !(*given >= least && *given <= most) || *given != std::floor(*given)) {
      return false;
    }
    place(o) = static_cast<std::uint64_t>(*given);
    return true;
  };
  return made;
}

template <typename Enum>
TrainingOption choice(const Line& line, Enum O::* member) {
  TrainingOption made = option(line, Kind::name);
  made.get = [member](const O& o) { return std::string(name_of(o.*member)); };
  made.set = [member](O& o, const OptionValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    const auto chosen = text == nullptr ? std::nullopt : named<Enum>(*text);
    if (chosen) o.*member = *chosen;
    return chosen.has_value();
  };
  return made;
}

template <typename Place>
TrainingOption distortions(const Line& line, Place place) {
  TrainingOption made = option(line, Kind::name);
  made.get = [place](const O& o) { return text_of(place(o)); };
  made.set = [place](O& o, const OptionValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return false;
    std::vector<Distortion> chosen;
    try {
      if (!text->empty()) chosen = read_distortions(*text);
    } catch (const ParameterError&) {
      return false;
    }
    if (std::any_of(chosen.begin(), chosen.end(),
                    [](const Distortion& d) { return is_adversarial(d.kind); })) {
      return false;
    }
    place(o) = chosen;
    return true;
  };
  return made;
}

TrainingOption truth(const Line& line, bool O::* member) {
  TrainingOption made = option(line, Kind::truth);
  made.get = [member](const O& o) { return o.*member; };
  made.set = [member](O& o, const OptionValue& value) {
    const bool* given = std::get_if<bool>(&value);
    if (given != nullptr) o.*member = *given;
    return given != nullptr;
  };
  return made;
}

// How the network is made.
std::vector<TrainingOption> network_options() {
  return {
      choice(
          {.name = "output",
           .help = "relu: with squared error; softmax: with cross-entropy; sigmoid: one unit for "
                   "two classes, with cross-entropy",
           .expected = "relu, softmax or sigmoid",
           .structural = true,
           .always_written = true},
          &O::output),
      choice(
          {.name = "dropout_form",
           .help = "when the scale of dropout is made up for. classical: at test time; inverted: "
                   "while training",
           .expected = "classical or inverted",
           .structural = true,
           .always_written = true},
          &O::dropout_form),
      truth({.name = "biases",
             .help = "whether the layers have biases",
             .expected = "true or false",
             .structural = true,
             .always_written = true},
            &O::biases),
      number({.name = "initial_range",
              .help = "first weights are uniform in +- this; 0: 1 / sqrt(inputs of the layer)",
              .expected = "a number, 0 or more",
              .structural = true,
              .always_written = true},
             not_negative, [](auto& o) -> auto& { return o.initial_range; }),
  };
}

// How its weights descend.
std::vector<TrainingOption> descent_options() {
  return {
      choice({.name = "optimizer",
              .help = "how gradients become updates",
              .expected = "sgd or adam",
              .always_written = true},
             &O::optimizer),
      number({.name = "learning_rate",
              .help = "step size of gradient descent",
              .expected = "a positive number",
              .always_written = true},
             positive, [](auto& o) -> auto& { return o.learning_rate; }),
      number({.name = "momentum",
              .help = "momentum of SGD",
              .expected = "a number from 0, below 1",
              .always_written = true},
             below_one, [](auto& o) -> auto& { return o.momentum; }),
      count({.name = "batch_size",
             .help = "samples per update",
             .expected = "a whole number from 1 to 1000000000",
             .always_written = true},
            1, [](auto& o) -> auto& { return o.batch_size; }),
      number({.name = "dropout",
              .help = "part of the hidden units that is dropped while training",
              .expected = "a number from 0, below 1",
              .structural = true,
              .always_written = true},
             below_one, [](auto& o) -> auto& { return o.dropout; }),
      count({.name = "epochs",
             .help = "passes over the samples",
             .expected = "a whole number from 0 to 1000000000",
             .always_written = true},
            0, [](auto& o) -> auto& { return o.epochs; }),
      count({.name = "updates",
             .help = "instead of epochs: so many updates of the weights, one for each batch",
             .expected = "a whole number from 1 to 1000000000"},
            0, [](auto& o) -> auto& { return o.updates; }),
  };
}

// What is done beside.
std::vector<TrainingOption> further_options() {
  return {
      number({.name = "weight_decay",
              .help = "so many times the weights are added to their gradients",
              .expected = "a number, 0 or more"},
             not_negative, [](auto& o) -> auto& { return o.weight_decay; }),
      choice({.name = "schedule",
              .help = "the learning rate along the training. cosine: it falls to 0 along half a "
                      "cosine",
              .expected = "constant or cosine"},
             &O::schedule),
      choice({.name = "class_balance",
              .help = "weights: the loss of rare classes counts more; oversampling: an epoch shows "
                      "all classes equally often",
              .expected = "none, weights or oversampling"},
             &O::balance),
      number({.name = "augment_shift",
              .help = "images are moved at random by up to so many pixels each time they are shown",
              .expected = "pixels, 0 or more",
              .unit = "PIXELS"},
             {.low = 0, .high = 1e6, .high_included = false},
             [](auto& o) -> auto& { return o.augmentation.shift; }),
      number(
          {.name = "augment_rotation",
           .help = "images are turned at random by up to so many degrees each time they are shown",
           .expected = "degrees from 0 to 180",
           .unit = "DEGREES"},
          {.low = 0, .high = 180}, [](auto& o) -> auto& { return o.augmentation.rotation; }),
      distortions(
          {.name = "augment_distort",
           .help = "images are seen under one of these distortions each time they are shown, drawn "
                   "at random",
           .expected = "distortions like clean,gaussian-noise=0.3, without fgsm and pgd"},
          [](auto& o) -> auto& { return o.augmentation.distortions; }),
      number({.name = "average",
              .help = "the weights at the ends of epochs in this last part of the training are "
                      "averaged (stochastic weight averaging)",
              .expected = "a number from 0, below 1"},
             below_one, [](auto& o) -> auto& { return o.average; }),
  };
}

std::vector<TrainingOption> make_table() {
  std::vector<TrainingOption> table;
  for (const auto& part : {network_options(), descent_options(), further_options()}) {
    table.insert(table.end(), part.begin(), part.end());
  }
  return table;
}

}  // namespace

std::span<const TrainingOption> training_options() {
  static const std::vector<TrainingOption> table = make_table();
  return table;
}

const TrainingOption* find_training_option(std::string_view name) {
  const auto table = training_options();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const TrainingOption& o) { return o.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string option_text(const OptionValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  return fmt::format("{}", std::get<double>(value));
}

void set_option(TrainingOptions& options, const TrainingOption& option, const OptionValue& value) {
  if (option.set(options, value)) return;
  throw ParameterError(std::string(option.name),
                       fmt::format("{} is not {}", option_text(value), option.expected));
}

void end_after_updates(TrainingOptions& options, std::uint64_t updates) {
  options.updates = updates;
  options.epochs = 0;
}

void end_after_epochs(TrainingOptions& options, std::uint64_t epochs) {
  options.updates = 0;
  options.epochs = epochs;
}

TrainingOptions with_options(TrainingOptions options,
                             const std::map<std::string, OptionValue>& chosen) {
  if (const auto updates = chosen.find("updates"); updates != chosen.end()) {
    if (chosen.contains("epochs")) {
      throw ParameterError("updates", "goes without epochs: each says when training ends");
    }
    // In the options themselves 0 means that epochs say it.
    if (updates->second == OptionValue(0.0)) {
      throw ParameterError("updates", "0 is no length of a training; for none, set epochs to 0");
    }
    options.epochs = 0;
  } else if (chosen.contains("epochs")) {
    options.updates = 0;
  }
  constexpr double usual_adam_rate = 0.001;
  const Optimizer before = options.optimizer;
  for (const auto& [name, value] : chosen) {
    const TrainingOption* option = find_training_option(name);
    if (option == nullptr) throw ParameterError(name, "is not a training option");
    set_option(options, *option, value);
  }
  const bool changed = options.optimizer == Optimizer::adam && before != Optimizer::adam;
  if (changed && !chosen.contains("learning_rate")) options.learning_rate = usual_adam_rate;
  return options;
}

OptionValue parse_option(const TrainingOption& option, const std::string& text) {
  if (option.kind == Kind::name) return text;
  if (option.kind == Kind::truth && (text == "true" || text == "false")) return text == "true";
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (option.kind == Kind::truth || !whole) {
    throw ParameterError(std::string(option.name),
                         fmt::format("\"{}\" is not {}", text, option.expected));
  }
  return number;
}

void validate(const TrainingOptions& options) {
  TrainingOptions scratch;
  for (const TrainingOption& option : training_options()) {
    set_option(scratch, option, option.get(options));
  }
}

void check_augmentation(const Augmentation& augmentation, const Dataset& data) {
  try {
    check_distortions(data, augmentation.distortions);
  } catch (const InputError& error) {
    throw ParameterError("augment_distort", error.what());
  }
  const ImageShape& shape = data.shape;
  if (!augmentation.moves() || shape.rows == shape.columns) return;
  throw ParameterError(
      augmentation.shift > 0 ? "augment_shift" : "augment_rotation",
      fmt::format("needs square images, and these have {} rows and {} columns; leave it out",
                  shape.rows, shape.columns));
}

}  // namespace hypnos
