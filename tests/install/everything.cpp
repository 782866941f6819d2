// Trains, tunes, guards, sleeps, wakes and measures, on data made up here.
#include <cstdio>
#include <hypnos/stages.hpp>
#include <hypnos/tuning.hpp>
#include <random>

namespace {

// Four classes, each a pattern under noise.
hypnos::Dataset made_up_data(std::size_t samples, unsigned seed) {
  std::mt19937 engine(1);
  std::uniform_real_distribution<float> pixel(0, 1);
  hypnos::Dataset data{.name = "made up", .shape = {.rows = 12, .columns = 12}, .classes = 4};
  std::vector<float> patterns(data.classes * data.shape.features());
  for (float& p : patterns) p = pixel(engine) > 0.7F ? 1.0F : 0.0F;
  engine.seed(seed);
  for (std::size_t s = 0; s < samples; ++s) {
    const std::size_t label = s % data.classes;
    data.labels.push_back(static_cast<std::uint32_t>(label));
    for (std::size_t j = 0; j < data.shape.features(); ++j) {
      const float pattern = patterns[label * data.shape.features() + j];
      data.images.push_back(0.6F * pattern + 0.4F * pixel(engine));
    }
  }
  return data;
}

double accuracy(const hypnos::Network& network, const hypnos::Dataset& data) {
  return hypnos::stages::measure(network, data).metrics.accuracy;
}

}  // namespace

int main() {
  namespace stages = hypnos::stages;
  const hypnos::Dataset data = made_up_data(100, 2);
  const hypnos::Dataset test = made_up_data(200, 3);
  const hypnos::Execution execution{.threads = 2};

  hypnos::Recipe recipe{.seed = 1, .training = hypnos::authors_protocol()};
  recipe.training->epochs = 20;
  const std::size_t hidden[] = {100, 100};
  hypnos::TrainedNetwork trained = stages::begin(recipe, data, hidden);
  stages::train(trained, data, execution);
  const double before = accuracy(trained.network, test);

  hypnos::TuningOptions options;
  options.budget = 60;
  options.noise_seeds = 1;
  options.space.max_steps = 1000;
  const std::vector<hypnos::Subject> subjects = {hypnos::make_subject(trained.network, data, data)};
  const auto found = hypnos::tune(subjects, options, {}, execution);

  const stages::Guard guard{.mode = stages::GuardMode::folds, .folds = 3};
  const auto verdict = stages::judge(trained, data, found.parameters, guard, execution);
  stages::sleep(trained, &data, {.parameters = found.parameters}, execution);
  const double slept = accuracy(trained.network, test);
  stages::wake(trained, data, execution);
  stages::finetune(trained, data, hypnos::finetuning_after(*recipe.training), execution);
  const double tuned = accuracy(trained.network, test);
  std::printf("before %.3f, slept %.3f (guard: %s), tuned %.3f\n", before, slept,
              verdict.helps ? "helps" : "not shown to help", tuned);
  return tuned > before && verdict.samples == data.size() ? 0 : 1;
}
