#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hypnos/dataset.hpp"
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

/// Each time that an image is shown, it is turned and moved at random; what comes in from outside
/// is 0, and values between pixels are interpolated linearly. For square images.
struct Augmentation {
  double shift = 0;     ///< pixels: to each side uniform in +- this
  double rotation = 0;  ///< degrees, about the middle: uniform in +- this

  bool any() const { return shift > 0 || rotation > 0; }
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
  double dropout = 0;  ///< fraction of hidden units dropped, [0, 1); becomes the network's
  std::uint64_t epochs = 50;
  double weight_decay = 0;  ///< g = dL/dw + weight_decay * w, of weights and biases (PyTorch's)
  ClassBalance balance = ClassBalance::none;
  Augmentation augmentation = {};
};

/// Training of Tadros et al. 2022 (released low-data scripts): no biases, weights in +- 0.01, ReLU
/// output with squared error, classical dropout 0.25, SGD 0.01 with momentum 0.5, batches of 100.
TrainingOptions authors_protocol();

/// What a practitioner would do: biases, softmax with cross-entropy, fan-in initialization,
/// SGD 0.1 with momentum 0.9, inverted dropout 0.25.
TrainingOptions modern_protocol();

/// How to train on a network that was trained so: by the same schedule for 20 epochs, and with
/// cross-entropy at a tenth of the learning rate, which such a network has come to the end of. One
/// of squared error as in authors_protocol() is far from there, and keeps its rate. Measured:
/// docs/results/fine-tuning.md.
TrainingOptions finetuning_after(TrainingOptions training);

/// @throws ParameterError naming the option that is out of range.
void validate(const TrainingOptions& options);

/// @throws ParameterError when images of this shape cannot be augmented in this way.
void check_augmentation(const Augmentation& augmentation, const ImageShape& shape);

/// A network with random weights, not trained.
/// @param sizes units per layer, the input first
Network make_network(std::span<const std::size_t> sizes, const TrainingOptions& options,
                     std::uint64_t seed);

/// The same network with an output layer that was not trained yet: what was learned from other data
/// serves to learn from these.
void renew_output(Network& network, std::size_t classes, const TrainingOptions& options,
                  std::uint64_t seed);

/// One epoch of training, as told to the observer.
struct EpochReport {
  std::uint64_t epoch = 0;  ///< done, counted from 1
  double loss = 0;          ///< mean over the epoch's samples
};

/// Told now and then how far training is, in [0, 1] of all epochs, and the last whole epoch's
/// report; false stops it.
using TrainingProgress = std::function<bool(double part_done, const EpochReport& last)>;

/// Trains the network in place, by the loss of its output kind and with its dropout. Momentum
/// starts at zero. The seed determines the order of samples, the dropout masks and the
/// augmentation; results are the same on every run on one machine with one number of threads.
/// @throws InputError when network and data do not fit, or the loss becomes infinite or NaN.
/// @return the reports of the epochs that were finished
std::vector<EpochReport> train(Network& network, const Dataset& data,
                               const TrainingOptions& options, std::uint64_t seed,
                               const TrainingProgress& progress = {});

/// Sets how many threads libtorch uses, for the whole process.
void set_threads(int threads);

}  // namespace hypnos
