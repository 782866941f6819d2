#include "hypnos/folds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
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

std::vector<Trainee> leave_out_folds(const Dataset& data, std::size_t folds, std::uint64_t seed) {
  if (folds < 2 || folds > data.size()) {
    throw ParameterError(
        "folds", fmt::format("{} is not from 2 to the number of samples, {}", folds, data.size()));
  }
  // Dealt like cards, class by class.
  std::vector<std::vector<std::uint32_t>> classes(data.classes);
  for (const std::uint32_t sample : random_order(data.size(), seed)) {
    classes[data.labels[sample]].push_back(sample);
  }
  std::vector<std::uint32_t> order;
  for (const auto& members : classes) order.insert(order.end(), members.begin(), members.end());
  std::vector<Trainee> trainees;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<std::uint32_t> kept;
    std::vector<std::uint32_t> left_out;
    for (std::size_t i = 0; i < order.size(); ++i) {
      (i % folds == fold ? left_out : kept).push_back(order[i]);
    }
    std::sort(kept.begin(), kept.end());
    std::sort(left_out.begin(), left_out.end());
    trainees.push_back(
        {.training = select(data, kept), .evaluation = select(data, left_out), .seed = seed});
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
                                    const TrainingOptions& options, unsigned threads,
                                    const TraineesProgress& progress) {
  std::vector<Subject> subjects(trainees.size());
  std::vector<std::atomic<double>> parts(trainees.size());
  std::atomic<bool> stopped = false;
  parallel_for(trainees.size(), threads, [&](std::size_t i, std::size_t) {
    set_threads(1);  // of this thread
    const Trainee& trainee = trainees[i];
    Network network = make_network(sizes, options, trainee.seed);
    train(network, trainee.training, options, trainee.seed,
          [&](double part_done, const EpochReport&) {
            parts[i] = part_done;
            double all = 0;
            for (const auto& part : parts) all += part;
            if (progress && !progress(all / static_cast<double>(parts.size()))) stopped = true;
            return !stopped.load();
          });
    parts[i] = 1;
    if (!stopped)
      subjects[i] = make_subject(std::move(network), trainee.training, trainee.evaluation);
  });
  if (stopped) subjects.clear();
  return subjects;
}

}  // namespace hypnos
