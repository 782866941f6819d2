#include "hypnos/folds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

std::vector<std::uint32_t> random_order(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  RandomSequence random(seed, Purpose::folds);
  shuffle(order, random);
  return order;
}

}  // namespace

std::vector<Fold> fold_indices(const Dataset& data, std::size_t folds, std::uint64_t seed) {
  if (folds < 2 || folds > data.size()) {
    throw ParameterError(
        "folds", fmt::format("{} is not from 2 to the number of samples, {}", folds, data.size()));
  }
  // Samples are dealt to the folds like cards, class by class.
  std::vector<std::vector<std::uint32_t>> classes(data.classes);
  for (const std::uint32_t sample : random_order(data.size(), seed)) {
    classes[data.labels[sample]].push_back(sample);
  }
  std::vector<std::uint32_t> order;
  for (const auto& members : classes) order.insert(order.end(), members.begin(), members.end());
  std::vector<Fold> all(folds);
  for (std::size_t fold = 0; fold < folds; ++fold) {
    for (std::size_t i = 0; i < order.size(); ++i) {
      (i % folds == fold ? all[fold].left_out : all[fold].kept).push_back(order[i]);
    }
    std::sort(all[fold].kept.begin(), all[fold].kept.end());
    std::sort(all[fold].left_out.begin(), all[fold].left_out.end());
  }
  return all;
}

std::vector<Trainee> leave_out_folds(const Dataset& data, std::size_t folds, std::uint64_t seed) {
  std::vector<Trainee> trainees;
  for (const Fold& fold : fold_indices(data, folds, seed)) {
    trainees.push_back({.training = select(data, fold.kept),
                        .evaluation = select(data, fold.left_out),
                        .seed = seed});
  }
  return trainees;
}

Dataset sample(const Dataset& data, std::size_t count, std::uint64_t seed) {
  if (count >= data.size()) return data;
  auto order = random_order(data.size(), seed);
  order.resize(count);
  std::sort(order.begin(), order.end());
  return select(data, order);
}

std::vector<Subject> train_subjects(std::span<const Trainee> trainees,
                                    std::span<const std::size_t> sizes,
                                    const TrainingOptions& options, const Execution& execution) {
  constexpr double training_part = 0.98;  // of the work; the rest is one pass over the samples
  std::vector<Subject> subjects(trainees.size());
  const std::vector<Progress> progress = execution.progress.share(trainees.size());
  const std::string note = fmt::format("{} networks", trainees.size());
  parallel_for(trainees.size(), execution.threads, [&](std::size_t i, std::size_t) {
    const Trainee& trainee = trainees[i];
    Network network = make_network(sizes, options, trainee.seed);
    const Progress noted([&](double part, std::string_view) {
      progress[i].tell(part, note);
      return true;
    });
    train(network, trainee.training, options, trainee.seed,
          {.threads = 1, .progress = noted.stretch(0, training_part)});
    subjects[i] = make_subject(std::move(network), trainee.training, trainee.evaluation,
                               {.threads = 1, .progress = noted.stretch(training_part, 1)});
    noted.tell(1);
  });
  return subjects;
}

}  // namespace hypnos
