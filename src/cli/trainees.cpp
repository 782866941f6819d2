#include "cli/trainees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <numeric>
#include <thread>

#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "hypnos/error.hpp"

namespace hypnos::cli {
namespace {

std::vector<std::size_t> sizes_of(const Network& network) {
  std::vector<std::size_t> sizes = {network.inputs()};
  for (const Layer& layer : network.layers) sizes.push_back(layer.outputs);
  return sizes;
}

}  // namespace

std::vector<Subject> train_like(const Network& network, const Recipe& recipe,
                                const std::vector<Trainee>& trainees, unsigned threads,
                                std::optional<std::uint64_t> epochs) {
  if (!recipe.training) {
    throw InputError(
        "the model does not say how it was trained, so that no others can be trained like it to "
        "judge a sleep by what they have not seen");
  }
  if (was_pretrained(recipe)) {
    throw InputError(
        "the model began with the hidden layers of another one, so that others trained from "
        "nothing cannot judge a sleep of it");
  }
  if (const std::string stage = changed_by(recipe); !stage.empty()) {
    throw InputError(fmt::format(
        "the model is no longer as it was trained (stage \"{}\"), so that others trained like it "
        "cannot judge a sleep of it; samples that it was not trained on can: for tune --on rest, "
        "for the guard --holdout DATA",
        stage));
  }
  TrainingOptions training = *recipe.training;
  training.epochs = epochs.value_or(training.epochs);
  ProgressBar bar("train");
  std::mutex mutex;
  auto subjects = train_subjects(trainees, sizes_of(network), training, threads, [&](double part) {
    const std::scoped_lock lock(mutex);
    bar.show(part, fmt::format("{} networks", trainees.size()));
    return interrupted() == 0;
  });
  if (subjects.empty()) {
    say("interrupted while networks were trained to judge by; nothing is kept of them\n");
    throw Interrupted();
  }
  return subjects;
}

Dataset left_out(const Subset& subset, const Dataset& all) {
  const std::vector<std::uint32_t> chosen = draw(subset, all);
  std::vector<std::uint32_t> every(all.size());
  std::iota(every.begin(), every.end(), 0U);
  std::vector<std::uint32_t> others;
  std::set_difference(every.begin(), every.end(), chosen.begin(), chosen.end(),
                      std::back_inserter(others));
  if (others.empty()) {
    throw InputError("the model was trained on all samples of " + all.name +
                     "; nothing is left to judge by");
  }
  return select(all, others);
}

unsigned all_threads() {
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace hypnos::cli
