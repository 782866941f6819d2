#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <optional>

#include "base/denormals_kept.hpp"
#include "base/memory.hpp"
#include "base/portable_math.hpp"
#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "hypnos/training.hpp"
#include "network/layer_panels.hpp"
#include "training/backpropagation.hpp"
#include "training/batch.hpp"
#include "training/check_fit.hpp"
#include "training/sample_order.hpp"
#include "training/update_rule.hpp"
#include "training/weight_average.hpp"

namespace hypnos {
namespace {

// What is left of the learning rate after this part of all updates.
double rate_left(Schedule schedule, double part) {
  return schedule == Schedule::cosine ? (1 + portable::cos(std::numbers::pi * part)) / 2 : 1;
}

// About what backpropagation keeps: weights, momenta and gradients, and for each sample of a batch
// the activations and errors of all units.
double bytes_for_training(const Network& network, std::size_t batch, bool averages) {
  // Sums of double precision, and the weights of one moment.
  const double kept_of_each = averages ? 6 : 3;
  double numbers = 0;
  for (const Layer& layer : network.layers) {
    const auto outputs = static_cast<double>(layer.outputs);
    numbers += kept_of_each * outputs * static_cast<double>(layer.inputs);
    numbers += 4 * outputs * static_cast<double>(batch);
  }
  return numbers * sizeof(float);
}

Pull pull_of(const Anchor& anchor) {
  Pull pull{.at = {}, .importance = {}, .strength = anchor.strength};
  for (const Layer& layer : anchor.at.layers) pull.at.push_back(panels_of(layer));
  for (const Layer& layer : anchor.importance) pull.importance.push_back(panels_of(layer));
  return pull;
}

void check(const TrainingContext& context, const Network& network,
           [[maybe_unused]] const Dataset& data, const TrainingOptions& options) {
  const bool repeats = options.balance == ClassBalance::oversampling;
  if (context.stored > 0 && repeats) {
    throw ParameterError("balance", "oversampling does not go with stored samples in each batch");
  }
  if (context.anchor != nullptr && options.optimizer == Optimizer::adam) {
    throw ParameterError("optimizer", "adam does not go with weights that are held");
  }
  if (!context.targets.empty() && network.output == OutputKind::sigmoid) {
    throw ParameterError("output", "a single output has no targets of its own");
  }
  assert(context.stored < data.size());
  assert(context.targets.empty() || context.targets.size() == data.size() * network.outputs());
}

class Trainer {
 public:
  Trainer(const Network& network, const Dataset& data, const TrainingOptions& options,
          std::uint64_t seed, const TrainingContext& context, const Execution& execution)
      : options_(options),
        progress_(execution.progress),
        team_(std::max(execution.threads, 1U)),
        order_(context.stored == 0 ? SampleOrder(data, options.balance)
                                   : SampleOrder(data, context.stored, options.batch_size)),
        order_random_(seed, Purpose::shuffling),
        most_(std::min(context.stored == 0 ? options.batch_size : 2 * options.batch_size,
                       order_.size())),
        class_weights_(options.balance == ClassBalance::weights ? class_weights(data)
                                                                : std::vector<double>()),
        batch_(data, most_, class_weights_, context.targets, augmenter(data, seed), team_.size()),
        backpropagation_(network, most_, make_update_rule(options), seed, team_),
        average_(options.average > 0 ? std::optional<WeightAverage>(network) : std::nullopt) {
    if (context.optimizer != nullptr) backpropagation_.begin_from(*context.optimizer);
    if (context.anchor != nullptr) pull_ = pull_of(*context.anchor);
  }

  /// @throws Stopped; ParameterError when there is nothing to average.
  void run() {
    check_average();
    for (std::uint64_t epoch = 1; part_done(epoch, 0) < 1; ++epoch) {
      const EpochReport report{.epoch = epoch, .loss = run_epoch(epoch)};
      if (!std::isfinite(report.loss)) {
        throw InputError(
            fmt::format("training diverged in epoch {}: the loss is {}; use a smaller "
                        "learning rate",
                        epoch, report.loss));
      }
      report_.loss = report.loss;
      if (is_whole_) report_.epochs.push_back(report);
      if (average_ && is_whole_ && part_done(epoch + 1, 0) > 1 - options_.average) {
        average_->add(backpropagation_);
      }
    }
    is_done_ = true;
  }

  const TrainingReport& report() const { return report_; }
  OptimizerState optimizer() const { return backpropagation_.state(); }
  void copy_to(Network& network) const {
    backpropagation_.copy_to(network);
    if (is_done_ && average_) average_->copy_to(network);
  }

 private:
  std::optional<Augmenter> augmenter(const Dataset& data, std::uint64_t seed) const {
    if (!options_.augmentation.any()) return std::nullopt;
    return Augmenter(options_.augmentation, data, seed);
  }

  // By epochs the last one always counts.
  void check_average() const {
    if (!average_ || options_.updates == 0) return;
    const std::uint64_t in_epoch = (order_.size() + most_ - 1) / most_;
    const std::uint64_t last_end = options_.updates / in_epoch * in_epoch;
    if (static_cast<double>(last_end) <=
        (1 - options_.average) * static_cast<double>(options_.updates)) {
      throw ParameterError("average",
                           fmt::format("no epoch ends in the last {} of {} updates: one has {}",
                                       options_.average, options_.updates, in_epoch));
    }
  }

  // Which part of all training is done in this epoch, when so many of its samples were seen.
  double part_done(std::uint64_t epoch, std::size_t samples) const {
    if (options_.updates > 0) {
      return static_cast<double>(report_.updates) / static_cast<double>(options_.updates);
    }
    if (epoch > options_.epochs) return 1;
    const double in_epoch = static_cast<double>(samples) / static_cast<double>(order_.size());
    return (static_cast<double>(epoch - 1) + in_epoch) / static_cast<double>(options_.epochs);
  }

  // The mean loss, of the samples that were seen before training ended.
  double run_epoch(std::uint64_t epoch) {
    std::string note;
    if (!report_.epochs.empty()) {
      const EpochReport& last = report_.epochs.back();
      note = fmt::format("epoch {}, loss {:.4f}", last.epoch, last.loss);
    }
    const std::span<const std::uint32_t> order = order_.next(order_random_);
    double loss = 0;
    std::size_t seen = 0;
    while (seen < order.size()) {
      const double part = part_done(epoch, seen);
      if (part >= 1) break;
      progress_.tell(part, note);
      const std::size_t count = std::min(most_, order.size() - seen);
      batch_.gather(order.subspan(seen, count), team_);
      seen += count;
      const double rate = options_.learning_rate * rate_left(options_.schedule, part);
      if (pull_) backpropagation_.pull(*pull_, rate);
      loss += backpropagation_.update(batch_, rate);
      ++report_.updates;
    }
    is_whole_ = seen == order.size();
    return loss / static_cast<double>(seen);
  }

  const TrainingOptions& options_;
  const Progress& progress_;
  ThreadTeam team_;
  SampleOrder order_;
  RandomSequence order_random_;
  std::size_t most_;  // samples that a batch has
  std::vector<double> class_weights_;
  Batch batch_;
  Backpropagation backpropagation_;
  std::optional<WeightAverage> average_;
  std::optional<Pull> pull_;
  TrainingReport report_;
  bool is_whole_ = true;  // the last epoch was not cut off
  bool is_done_ = false;
};

}  // namespace

TrainingReport train(Network& network, const Dataset& data, const TrainingOptions& options,
                     std::uint64_t seed, const Execution& execution) {
  return train(network, data, options, seed, TrainingContext(), execution);
}

TrainingReport train(Network& network, const Dataset& data, const TrainingOptions& options,
                     std::uint64_t seed, const TrainingContext& context,
                     const Execution& execution) {
  validate(options);
  if (data.size() == 0) throw InputError("there are no samples to train on");
  check_fit(network, data);
  check_augmentation(options.augmentation, data);
  check(context, network, data, options);
  const std::size_t batch = (context.stored > 0 ? 2 : 1) * options.batch_size;
  require_memory(bytes_for_training(network, std::min(batch, data.size()), options.average > 0),
                 "training this network");
  const DenormalsKept denormals;
  Trainer trainer(network, data, options, seed, context, execution);
  try {
    trainer.run();
  } catch (const Stopped&) {
    trainer.copy_to(network);
    throw TrainingStopped(trainer.report());
  }
  trainer.copy_to(network);
  if (context.optimizer != nullptr) *context.optimizer = trainer.optimizer();
  return trainer.report();
}

}  // namespace hypnos
