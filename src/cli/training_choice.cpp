#include "cli/training_choice.hpp"

#include <fmt/format.h>

#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "cli/positive_count.hpp"
#include "hypnos/error.hpp"
#include "hypnos/metrics.hpp"
#include "hypnos/prediction.hpp"

namespace hypnos::cli {

void add_training_options(CLI::App& verb, TrainingChoice& choice) {
  verb.add_option("--epochs", choice.epochs, "passes over the samples")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--learning-rate", choice.learning_rate, "step size of gradient descent");
  verb.add_option("--schedule", choice.schedule,
                  "constant; cosine: the learning rate falls to 0 along half a cosine")
      ->check(CLI::IsMember({"constant", "cosine"}));
  verb.add_option("--momentum", choice.momentum, "momentum of SGD, [0, 1)");
  verb.add_option("--batch-size", choice.batch_size, "samples per update")->check(positive_count());
  verb.add_option("--optimizer", choice.optimizer, "sgd or adam")
      ->check(CLI::IsMember({"sgd", "adam"}));
  verb.add_option("--weight-decay", choice.weight_decay,
                  "so many times the weights are added to their gradients");
  verb.add_option("--class-balance", choice.class_balance,
                  "none; weights: the loss of rare classes counts more; oversampling: an epoch "
                  "shows all classes equally often")
      ->check(CLI::IsMember({"none", "weights", "oversampling"}));
  verb.add_option("--augment-shift", choice.augment_shift,
                  "move images at random by up to so many pixels each time they are shown")
      ->type_name("PIXELS");
  verb.add_option("--augment-rotation", choice.augment_rotation,
                  "turn images at random by up to so many degrees each time they are shown")
      ->type_name("DEGREES");
  verb.add_option("--threads", choice.threads,
                  "threads for training; more than 1 changes the last bits of the result")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
}

TrainingOptions apply(const TrainingChoice& choice, TrainingOptions options) {
  if (choice.optimizer) {
    options.optimizer = *named<Optimizer>(*choice.optimizer);
    // Adam's usual step; that of SGD would be far too large.
    if (options.optimizer == Optimizer::adam) options.learning_rate = 0.001;
  }
  options.epochs = choice.epochs.value_or(options.epochs);
  options.learning_rate = choice.learning_rate.value_or(options.learning_rate);
  if (choice.schedule) options.schedule = *named<Schedule>(*choice.schedule);
  options.momentum = choice.momentum.value_or(options.momentum);
  options.batch_size = choice.batch_size.value_or(options.batch_size);
  options.weight_decay = choice.weight_decay.value_or(options.weight_decay);
  if (choice.class_balance) options.balance = *named<ClassBalance>(*choice.class_balance);
  Augmentation& augmentation = options.augmentation;
  augmentation.shift = choice.augment_shift.value_or(augmentation.shift);
  augmentation.rotation = choice.augment_rotation.value_or(augmentation.rotation);
  validate(options);
  set_threads(choice.threads);
  return options;
}

Json train_and_write(const std::string& stage, Model& model, Recipe recipe, const Dataset& data,
                     const TrainingOptions& options, std::uint64_t seed,
                     const std::string& output) {
  const Stopwatch watch;
  std::vector<EpochReport> reports;
  {
    ProgressBar bar(stage);
    reports = train(model.network, data, options, seed, [&](double part, const EpochReport& last) {
      bar.show(part,
               last.epoch == 0 ? "" : fmt::format("epoch {}, loss {:.4f}", last.epoch, last.loss));
      return interrupted() == 0;
    });
  }
  Json done = training_stage(stage, reports, seed);
  recipe.history.push_back(done);
  write_recipe(model, recipe);
  if (reports.size() < options.epochs) {
    const std::string partial = output + ".interrupted";
    write_model(partial, model);
    say("interrupted in epoch {}; the network so far is in {}\n", reports.size() + 1, partial);
    throw Interrupted();
  }
  write_model(output, model);
  const Metrics metrics =
      measure(data.labels, predict(model.network, data).answers, model.network.outputs());
  done["samples"] = data.size();
  done["training_accuracy"] = metrics.accuracy;
  done["seconds"] = watch.seconds();
  done["output"] = output;
  say("{}: {} epochs on {} samples of {} in {:.1f} s, loss {:.4f}, right on {:.1f}% of them\n",
      output, reports.size(), data.size(), data.name, watch.seconds(),
      reports.empty() ? 0.0 : reports.back().loss, 100 * metrics.accuracy);
  return done;
}

}  // namespace hypnos::cli
