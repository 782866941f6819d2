#include "tasks/network_learner.hpp"

#include <algorithm>

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/input_gains.hpp"
#include "hypnos/stimulus.hpp"
#include "tasks/calibration.hpp"
#include "tasks/distillation.hpp"
#include "tasks/exemplars.hpp"
#include "tasks/importance.hpp"
#include "tasks/stored_images.hpp"
#include "tuning/wake_network.hpp"

namespace hypnos {
namespace {

// Each sleep of a sequence has noise of its own, and so has each sequence.
std::uint64_t noise_seed(const Sequence& sequence, std::size_t learned) {
  constexpr std::uint64_t of_sleeps = 1'000'000;
  constexpr std::uint64_t of_noise = 1'000'000'000;
  return sequence.seed + of_sleeps * learned + of_noise * sequence.noise;
}

// The mean of two networks, one of them the mean of `count` already.
void average(Network& mean, const Network& other, std::size_t count) {
  const auto part = static_cast<float>(1.0 / static_cast<double>(count + 1));
  const auto mix = [part](std::vector<float>& to, const std::vector<float>& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += part * (from[i] - to[i]);
  };
  for (std::size_t l = 0; l < mean.layers.size(); ++l) {
    mix(mean.layers[l].weights, other.layers[l].weights);
    mix(mean.layers[l].biases, other.layers[l].biases);
  }
}

void add(std::vector<Layer>& sums, const std::vector<Layer>& more) {
  const auto plus = [](std::vector<float>& to, const std::vector<float>& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
  };
  if (sums.empty()) {
    sums = more;
    return;
  }
  for (std::size_t l = 0; l < sums.size(); ++l) {
    plus(sums[l].weights, more[l].weights);
    plus(sums[l].biases, more[l].biases);
  }
}

}  // namespace

NetworkLearner::NetworkLearner(const Sequence& sequence, const Dataset& train,
                               std::span<const TaskSamples> tasks, const SequenceState* from)
    : sequence_(sequence), train_(train), tasks_(tasks) {
  if (from != nullptr) {
    state_ = *from;
  } else {
    state_.trained = new_network();
    if (is_icarl(sequence.options.learner)) state_.exemplars.resize(train.classes);
  }
}

TrainedNetwork NetworkLearner::new_network() const {
  std::vector<std::size_t> sizes = {train_.shape.features()};
  sizes.insert(sizes.end(), sequence_.hidden.begin(), sequence_.hidden.end());
  sizes.push_back(output_units(sequence_.training, train_.classes));
  return {.network = make_network(sizes, sequence_.training, sequence_.seed),
          .recipe = {.seed = sequence_.seed, .training = sequence_.training}};
}

std::vector<std::uint32_t> NetworkLearner::known_before(std::size_t task) const {
  std::vector<std::uint32_t> known;
  for (const TaskSamples& earlier : tasks_.first(task)) {
    known.insert(known.end(), earlier.classes.begin(), earlier.classes.end());
  }
  return known;
}

NetworkLearner::TrainingSet NetworkLearner::training_set(std::size_t task) const {
  const SequenceOptions& options = sequence_.options;
  std::vector<std::uint32_t> stored;
  if (is_icarl(options.learner)) {
    for (const auto& of_class : state_.exemplars) {
      stored.insert(stored.end(), of_class.begin(), of_class.end());
    }
    // Its own classes have none before it is learned.
    const auto& now = tasks_[task].classes;
    std::erase_if(stored, [&](std::uint32_t sample) {
      return std::find(now.begin(), now.end(), train_.labels[sample]) != now.end();
    });
  } else if (has_memory(options.learner) && task > 0) {
    stored = options.replay == Replay::released
                 ? drawn_before(task, options.replay_fraction, tasks_, sequence_.seed)
                 : stored_after(task, options.memory, tasks_, train_.labels, sequence_.seed);
  }
  std::vector<std::uint32_t> samples = tasks_[task].training;
  samples.insert(samples.end(), stored.begin(), stored.end());
  return {.data = select(train_, samples), .stored = stored.size()};
}

void NetworkLearner::train(const TrainingSet& set, const TrainingContext& context,
                           const Execution& execution) {
  Recipe& recipe = state_.trained.recipe;
  const std::uint64_t seed = next_seed(recipe);
  TrainingOptions options = sequence_.training;
  if (state_.learned > 0) {
    options.learning_rate = sequence_.options.later_learning_rate.value_or(options.learning_rate);
  }
  const TrainingReport report =
      hypnos::train(state_.trained.network, set.data, options, seed, context, execution);
  recipe.history.push_back({TrainedStage{.epochs = report.epochs.size(),
                                         .seed = seed,
                                         .loss = report.loss,
                                         .updates = report.updates,
                                         .further = !recipe.history.empty()}});
}

// From the beginning that all have in common.
void NetworkLearner::learn_alone(const TrainingSet& set, const Execution& execution) {
  if (state_.learned == 0) return train(set, {}, execution);
  TrainedNetwork mean = std::move(state_.trained);
  state_.trained = new_network();
  state_.trained.recipe.history = mean.recipe.history;
  train(set, {}, execution);
  average(mean.network, state_.trained.network, state_.learned);
  mean.recipe.history = std::move(state_.trained.recipe.history);
  state_.trained = std::move(mean);
}

void NetworkLearner::learn(const Execution& execution) {
  const Learner learner = sequence_.options.learner;
  const TrainingSet set = training_set(state_.learned);
  const auto part = [&](double from, double to) {
    return Execution{.threads = execution.threads,
                     .progress = execution.progress.stretch(from, to)};
  };
  if (learner == Learner::averaging) {
    learn_alone(set, execution);
  } else {
    TrainingContext context;
    if (!sequence_.options.carry_momentum) state_.optimizer = {};
    context.optimizer = &state_.optimizer;
    if (!is_icarl(learner) && sequence_.options.replay == Replay::balanced) {
      context.stored = set.stored;
    }
    std::vector<float> targets;
    if ((is_icarl(learner) || learner == Learner::lwf) && state_.learned > 0) {
      const auto known = known_before(state_.learned);
      targets =
          distillation_targets(state_.trained.network, set.data, known,
                               known.size() + tasks_[state_.learned].classes.size(), part(0, 0.05));
      context.targets = targets;
    }
    std::optional<Anchor> anchor;
    if (state_.anchor) {
      anchor.emplace(Anchor{.at = *state_.anchor,
                            .importance = state_.importance,
                            .strength = sequence_.options.ewc_strength});
      context.anchor = &*anchor;
    }
    train(set, context, part(0.05, 0.9));
  }
  ++state_.learned;
  state_.slept = false;
  remember(set, part(0.9, 1));
}

// What later tasks need of this one.
void NetworkLearner::remember(const TrainingSet& set, const Execution& execution) {
  if (sequence_.options.learner == Learner::ewc && state_.learned < tasks_.size()) {
    constexpr std::size_t looked_at = 1000;
    add(state_.importance,
        weight_importance(state_.trained.network, set.data, looked_at, execution));
    state_.anchor = state_.trained.network;
  }
  if (is_icarl(sequence_.options.learner)) choose_exemplars_now(execution);
}

void NetworkLearner::choose_exemplars_now(const Execution& execution) {
  const TaskSamples& task = tasks_[state_.learned - 1];
  const std::size_t classes = known_before(state_.learned).size();
  const std::size_t of_each = sequence_.options.memory / classes;
  for (auto& of_class : state_.exemplars) of_class.resize(std::min(of_class.size(), of_each));
  const auto progress = execution.progress.share(task.classes.size());
  for (std::size_t c = 0; c < task.classes.size(); ++c) {
    const std::uint32_t label = task.classes[c];
    std::vector<std::uint32_t> members;
    std::copy_if(task.training.begin(), task.training.end(), std::back_inserter(members),
                 [&](std::uint32_t sample) { return train_.labels[sample] == label; });
    state_.exemplars[label] = choose_exemplars(
        sequence_.options.exemplars, state_.trained.network, train_, members, of_each,
        sequence_.seed, {.threads = execution.threads, .progress = progress[c]});
  }
}

void NetworkLearner::wake(const Dataset& data, std::optional<double>& factor,
                          const Execution& execution) {
  factor = wake_network(state_.trained.network, data, execution);
  state_.optimizer = {};
  Stage& stage = state_.trained.recipe.history.emplace_back();
  stage.what = WokenStage{.gain = *factor};
}

bool NetworkLearner::sleep(const SequenceObserver& observer, const Execution& execution) {
  const SequenceOptions& options = sequence_.options;
  const bool at_end = state_.learned == tasks_.size();
  if (options.sleep_when == SleepWhen::end && !at_end) return false;
  if (!sleeps(options.learner) && options.learner != Learner::waking) return false;
  const TrainingSet set = training_set(state_.learned - 1);
  std::optional<double> factor;
  if (options.learner == Learner::waking) {
    wake(set.data, factor, execution);
    return false;
  }
  const auto part = [&](double from, double to) {
    return Execution{.threads = execution.threads,
                     .progress = execution.progress.stretch(from, to)};
  };
  Network& network = state_.trained.network;
  const Network before = observer.slept ? network : Network();
  const SleepParameters parameters = parameters_after(sequence_.parameters, state_.learned);
  const Calibrated calibrated = calibrate(options.calibration, state_.learned, tasks_, network,
                                          train_, set.data, part(0, 0.1));
  const std::uint64_t seed = noise_seed(sequence_, state_.learned);
  SequenceSleep slept{.learned = state_.learned};
  slept.report =
      hypnos::sleep(network, parameters, input_gains(parameters, network, calibrated.maxima),
                    noise_patches(calibrated.mean, train_.shape, parameters, seed),
                    {.drop_when_stopped = true}, execution.progress.stretch(0.1, 0.9));
  state_.trained.recipe.history.push_back(
      {SleptStage{.steps = slept.report.steps, .seed = seed, .parameters = to_toml(parameters)}});
  state_.slept = true;
  const Network asleep = observer.slept ? network : Network();
  if (options.wake) wake(set.data, slept.waking_factor, part(0.9, 0.95));
  if (is_icarl(options.learner)) choose_exemplars_now(part(0.95, 1));
  if (observer.slept) observer.slept(slept, before, asleep);
  return true;
}

std::size_t NetworkLearner::stored() const {
  const SequenceOptions& options = sequence_.options;
  if (!has_memory(options.learner) || tasks_.size() < 2) return 0;
  if (options.replay != Replay::released) return options.memory;
  return drawn_before(tasks_.size() - 1, options.replay_fraction, tasks_, sequence_.seed).size();
}

std::vector<std::uint32_t> NetworkLearner::answers(const Dataset& data,
                                                   const Execution& execution) const {
  if (is_icarl(sequence_.options.learner)) {
    return nearest_exemplar_means(state_.trained.network, train_, state_.exemplars, data,
                                  execution);
  }
  return predict(state_.trained.network, data, execution).answers;
}

}  // namespace hypnos
