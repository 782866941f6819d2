#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "hypnos/dataset.hpp"
#include "hypnos/distortion.hpp"
#include "hypnos/names.hpp"
#include "hypnos/network.hpp"

namespace hypnos {

enum class Optimizer { sgd, adam };
template <>
inline constexpr Name<Optimizer> names_of<Optimizer>[] = {{Optimizer::sgd, "sgd"},
                                                          {Optimizer::adam, "adam"}};

/// How the learning rate goes from the first update to the last.
enum class Schedule {
  constant,
  cosine,  ///< down to 0 along half a cosine (Loshchilov and Hutter 2017)
};
template <>
inline constexpr Name<Schedule> names_of<Schedule>[] = {{Schedule::constant, "constant"},
                                                        {Schedule::cosine, "cosine"}};

/// What is done about classes of which there are fewer samples than of others.
enum class ClassBalance {
  none,
  weights,       ///< a sample's loss counts samples / (classes * samples of its class) times
  oversampling,  ///< an epoch has each class as often as the largest one, by repeating samples
};
template <>
inline constexpr Name<ClassBalance> names_of<ClassBalance>[] = {
    {ClassBalance::none, "none"},
    {ClassBalance::weights, "weights"},
    {ClassBalance::oversampling, "oversampling"}};

/// Each time an image is shown, it is turned, moved and distorted at random. What comes in from
/// outside is 0. Values between pixels are interpolated linearly. Images that are turned or moved
/// must be square.
struct Augmentation {
  double shift = 0;     ///< to each side, uniform in +- this [pixels]
  double rotation = 0;  ///< about the middle, uniform in +- this [degrees]
  /// Then it is seen under one of these, each as likely; none is adversarial.
  std::vector<Distortion> distortions = {};

  bool moves() const { return shift > 0 || rotation > 0; }
  bool any() const { return moves() || !distortions.empty(); }
};

/// How a network is made and trained.
struct TrainingOptions {
  OutputKind output = OutputKind::softmax;
  DropoutForm dropout_form = DropoutForm::inverted;
  bool biases = true;
  double initial_range = 0;  ///< weights uniform in +- this; 0: +- 1 / sqrt(inputs of the layer)
  Optimizer optimizer = Optimizer::sgd;
  double learning_rate = 0.1;
  Schedule schedule = Schedule::constant;
  double momentum = 0;           ///< of SGD: u = momentum * u + learning_rate * g; w -= u
  std::size_t batch_size = 100;  ///< samples per update; the last batch of an epoch may be smaller
  double dropout = 0;            ///< part of the hidden units dropped, [0, 1)
  std::uint64_t epochs = 50;     ///< passes over the samples; without effect where updates are set
  std::uint64_t updates = 0;     ///< of the weights, one for each batch; 0: epochs say how many
  double weight_decay = 0;  ///< g = dL/dw + weight_decay * w, of weights and biases (PyTorch's)
  ClassBalance balance = ClassBalance::none;
  Augmentation augmentation = {};
  /// The weights at the ends of epochs in this last part of the training are averaged, and so is
  /// the network that it gives (stochastic weight averaging: Izmailov et al. 2018); 0: they are
  /// not.
  double average = 0;
};

/// Training of Tadros et al. 2022 (released low-data scripts): no biases, weights in +- 0.01, ReLU
/// output with squared error, classical dropout 0.25, SGD 0.01 with momentum 0.5, batches of 100.
TrainingOptions authors_protocol();

/// Training as a practitioner does it: biases, softmax with cross-entropy, fan-in initialization,
/// SGD 0.1 with momentum 0.9, a learning rate that falls to 0, inverted dropout 0.25.
TrainingOptions modern_protocol();

/// How to train on a network that was trained so: by the same schedule for 20 epochs. A network
/// with cross-entropy has come to the end of its learning rate, and goes on with a tenth of it. One
/// of squared error, as in authors_protocol(), is far from there and keeps its rate. Measured:
/// docs/results/fine-tuning.md.
TrainingOptions finetuning_after(TrainingOptions training);

/// The value of a training option, as a command line, a plan or JSON gives it.
using OptionValue = std::variant<bool, double, std::string>;

/// One training option: the only place that says what it is called, which values it takes, and
/// where its value is kept. The program, plans and model files all go by the table of these.
struct TrainingOption {
  enum class Kind { truth, count, number, name };

  std::string_view name;      ///< "learning_rate"
  std::string_view help;      ///< what it does, in a few words
  std::string_view expected;  ///< which values it takes: "a positive number"
  std::string_view unit;      ///< "PIXELS"; empty: it has none
  Kind kind;
  bool structural;      ///< it belongs to the network, and stays as it is once that is made
  bool always_written;  ///< in model files; others are written where they differ from the default
  std::function<OptionValue(const TrainingOptions&)> get;
  /// False when the value is not one that the option takes; the options are then as they were.
  std::function<bool(TrainingOptions&, const OptionValue&)> set;
};

/// All training options, in the order in which they are written.
std::span<const TrainingOption> training_options();

/// The option of that name, or null.
const TrainingOption* find_training_option(std::string_view name);

/// Sets an option.
/// @throws ParameterError when the value is not one that it takes.
void set_option(TrainingOptions& options, const TrainingOption& option, const OptionValue& value);

/// Training ends after so many updates of the weights, or so many epochs: one replaces the other.
void end_after_updates(TrainingOptions& options, std::uint64_t updates);
void end_after_epochs(TrainingOptions& options, std::uint64_t epochs);

/// The options with others put over them, by name. Epochs replace updates, and the other way round.
/// Where Adam is chosen and no learning rate, that is Adam's usual one, 0.001: the rate of SGD
/// would be far too large.
/// @throws ParameterError when there is no such option, it does not take the value, updates
///   are 0, or both epochs and updates are given.
TrainingOptions with_options(TrainingOptions options,
                             const std::map<std::string, OptionValue>& chosen);

/// The value that a text stands for: a number, true or false, or a name, as the option has it.
/// @throws ParameterError when it stands for none.
OptionValue parse_option(const TrainingOption& option, const std::string& text);

/// The value as a text: "0.01", "cosine".
std::string option_text(const OptionValue& value);

/// @throws ParameterError naming the option that is out of range.
void validate(const TrainingOptions& options);

/// @throws ParameterError when images like these cannot be augmented in this way.
void check_augmentation(const Augmentation& augmentation, const Dataset& data);

}  // namespace hypnos
