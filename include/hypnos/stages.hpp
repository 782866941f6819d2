#pragma once

// What the program's verbs do, as functions. `hypnos sleep`, a trial of a study and a program that
// links the library make the same calls, so that their results are equal to the last bit.
//
//     #include <hypnos/presets.hpp>  // load_parameters()
//
//     Recipe recipe{.data = "fashion-mnist", .subset = {.fraction = 0.01}, .seed = 1,
//                   .training = authors_protocol()};
//     const Dataset data = stages::training_data(recipe);
//     const std::size_t hidden[] = {1200, 1200};
//     TrainedNetwork trained = stages::begin(recipe, data, hidden);
//     stages::train(trained, data);
//     stages::sleep(trained, &data, {.parameters = load_parameters("authors-fashion-mnist-1pct")});
//     stages::wake(trained, data);
//     stages::finetune(trained, data, finetuning_after(*recipe.training));
//     const stages::Measured found = stages::measure(trained.network, *stages::test_data(recipe));

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hypnos/data_record.hpp"
#include "hypnos/dataset.hpp"
#include "hypnos/guard.hpp"
#include "hypnos/metrics.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/recipe.hpp"
#include "hypnos/response_summary.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/subject.hpp"
#include "hypnos/training.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos::stages {

/// The data are not those that the recipe remembers under this name.
class DataChangedError : public InputError {
 public:
  DataChangedError(const std::string& data, DataRecord then, DataRecord now);
  const DataRecord& then() const { return then_; }
  const DataRecord& now() const { return now_; }

 private:
  DataRecord then_;
  DataRecord now_;
};

/// The training samples that the recipe names, loaded by their data's name or path. The recipe then
/// remembers what the data were, and by which means they were standardized; if it did before, the
/// data must still be the same.
/// @throws InputError when there are no such data, or no such subset of them; DataChangedError.
Dataset training_data(Recipe& recipe);

/// The whole training half, likewise.
Dataset whole_training_half(Recipe& recipe);

/// The test half, likewise.
/// @throws FileError when there is none, or it is damaged; DataChangedError.
Dataset test_half(Recipe& recipe);

/// The same; nothing when the data have no test half, or are not on this machine.
std::optional<Dataset> test_data(Recipe& recipe);

/// The samples of `all` that the subset leaves out.
/// @throws InputError when there are none.
Dataset left_out(const Subset& subset, const Dataset& all);

/// A network with random weights, drawn by the recipe's seed. It has as many inputs as the data
/// have features, and as many outputs as they have classes.
/// @param hidden units of each hidden layer
/// @pre recipe.training
TrainedNetwork begin(const Recipe& recipe, const Dataset& data,
                     std::span<const std::size_t> hidden);

/// A network that begins with the hidden layers of another one and has a new output layer. The
/// recipe's history then says where they come from.
/// @pre recipe.training
/// @throws InputError when the other one has another kind of output, dropout or biases.
TrainedNetwork begin_with(const TrainedNetwork& pretrained, const Recipe& recipe,
                          std::size_t classes);

/// Trains by the recipe's options, and adds the stage to the recipe's history.
/// @pre trained.recipe.training
/// @throws TrainingStopped; the network is then as far as training came, and the history says so.
TrainingReport train(TrainedNetwork& trained, const Dataset& data, const Execution& execution = {});

/// Trains on in the given way, likewise.
TrainingReport finetune(TrainedNetwork& trained, const Dataset& data,
                        const TrainingOptions& options, const Execution& execution = {});

/// What a sleep takes beside the network and its data.
struct SleepRequest {
  SleepParameters parameters;
  Stimulus spikes = {};                 ///< drives the sleep; empty: noise of the recipe's seed
  std::string spikes_name = {};         ///< for the history
  std::optional<GuardNote> guard = {};  ///< for the history
  SleepObserver observer = {};
};

struct SleepResult {
  SleepReport report;
  std::vector<double> gains;                   ///< alpha_l of each layer
  std::optional<double> accuracy_before = {};  ///< on the data, if there were some
};

/// Puts the network to sleep, and adds the stage to the recipe's history. The data shape the noise
/// and the scale factors; their labels are not used.
/// @param data null: only where the request has spikes and the parameters have gains outright
/// @throws SleepStopped; the network is then as far as the sleep came, and the history says so.
SleepResult sleep(TrainedNetwork& trained, const Dataset* data, const SleepRequest& request,
                  const Execution& execution = {});

/// Rescales the outputs to fit the data best, and adds the stage to the recipe's history.
/// @return the factor
double wake(TrainedNetwork& trained, const Dataset& data, const Execution& execution = {});

/// A sleep within a training, and what it did.
struct SleepWithin {
  std::uint64_t updates = 0;  ///< of the training before it
  SleepResult slept;
  double waking_factor = 1;
};

/// Sleeps within a training.
struct SleepsWithin {
  std::vector<std::uint64_t> after;  ///< updates before each sleep
  SleepParameters parameters;        ///< of each
  /// Of the training after the last sleep, at first; empty: as before it.
  std::optional<double> learning_rate = {};
  /// Is told of each sleep, and shown the network when it is awake again.
  std::function<void(const SleepWithin&, const Network&)> observer = {};
};

/// Trains by the recipe's options, which count updates. After so many of them the network sleeps,
/// is woken, and is trained on: divide_training() says how. The same calls of train(), sleep(),
/// wake() and finetune() one by one give the same network and the same recipe, whose options are
/// those of the training before the first sleep.
/// @pre trained.recipe.training
/// @throws ParameterError as divide_training(); TrainingStopped, SleepStopped as the stages do.
void train_with_sleeps(TrainedNetwork& trained, const Dataset& data, const SleepsWithin& sleeps,
                       const Execution& execution = {});

/// How good a network's answers are, and how its units respond.
struct Measured {
  Metrics metrics;
  std::vector<ResponseSummary> responses = {};  ///< [layers], if they were asked for
};

/// @throws InputError when the data do not fit the network.
Measured measure(const Network& network, const Dataset& data, const Execution& execution = {});
Measured measure_with_responses(const Network& network, const Dataset& data,
                                const Execution& execution = {});

/// The same under each of the distortions, which are drawn by the seed; attacks are made against
/// this network.
/// @throws InputError likewise, and as distort(); Stopped.
std::vector<DistortedMetrics> measure_distorted(const Network& network, const Dataset& data,
                                                std::span<const Distortion> distortions,
                                                std::uint64_t seed,
                                                const Execution& execution = {});

enum class GuardMode {
  holdout,  ///< one fold of the training samples, or the samples of Guard::holdout
  folds,    ///< each fold of the training samples in turn; of few samples several times
};

/// By which samples a sleep is judged.
struct Guard {
  GuardMode mode = GuardMode::folds;
  std::size_t folds = 5;
  const Dataset* holdout = nullptr;  ///< the network itself is judged by these
  std::uint64_t noise_seeds = 3;     ///< sleeps of each network that judges
  Objective objective = {};
  std::vector<Distortion> distortions = {};  ///< the mean over them; empty: samples as they are
  Moment moment = Moment::awake;
  TrainingOptions further = {};  ///< with Moment::tuned: how networks are trained on
};

/// Judges a sleep by samples that the judging networks were not trained on. Without a holdout these
/// networks are trained like this one on a part of its samples, by as many updates, and the verdict
/// says how alike they are to it.
/// @throws JudgesError when no networks can be trained like this one.
Verdict judge(const TrainedNetwork& trained, const Dataset& data, const SleepParameters& parameters,
              const Guard& guard, const Execution& execution = {});

/// By which samples candidates of a search are judged, and on which networks they are tried.
enum class JudgedBy {
  train,    ///< the training samples of each network
  holdout,  ///< one fold of them, by a network that is trained on the others
  folds,    ///< each fold in turn, likewise
  rest,     ///< the samples of the training half that the network's subset leaves out
};

struct TuningSubjects {
  JudgedBy judged_by = JudgedBy::folds;
  std::size_t folds = 5;
  /// Networks trained like this one with these seeds, each on a subset of its own; empty: this one.
  std::vector<std::uint64_t> seeds = {};
  std::optional<std::uint64_t> epochs = {};  ///< of networks that are trained; empty: as this one
  std::size_t samples = 1000;                ///< at most, to judge by, of each network
  std::uint64_t sample_seed = 1;             ///< draws them
  /// What they are for: refused before networks are trained, if it cannot be. Null: not looked at.
  const TuningOptions* search = nullptr;
};

/// The networks that tune() tries candidates on, and the samples that judge them. The test half of
/// the data is not read.
/// @throws JudgesError when networks like this one are needed and cannot be trained;
///   ParameterError when the search has too small a budget for so many networks, or noise patches
///   that do not fit the samples.
std::vector<Subject> tuning_subjects(const TrainedNetwork& trained, const TuningSubjects& choice,
                                     const Execution& execution = {});

/// SHA-256 of what a search begins with, beside its options: the network, and the training half of
/// its data.
std::string tuning_content(const TrainedNetwork& trained);

/// The verdict as a recipe's history keeps it.
GuardNote note_of(const Verdict& verdict, const Guard& guard);

/// Notes in the history that the guard did not let the network sleep.
void note_refusal(Recipe& recipe, const GuardNote& note);

}  // namespace hypnos::stages

namespace hypnos {
template <>
inline constexpr Name<stages::GuardMode> names_of<stages::GuardMode>[] = {
    {stages::GuardMode::holdout, "holdout"}, {stages::GuardMode::folds, "folds"}};
template <>
inline constexpr Name<stages::JudgedBy> names_of<stages::JudgedBy>[] = {
    {stages::JudgedBy::train, "train"},
    {stages::JudgedBy::holdout, "holdout"},
    {stages::JudgedBy::folds, "folds"},
    {stages::JudgedBy::rest, "rest"}};
}  // namespace hypnos
