#include "hypnos/subject.hpp"

#include "hypnos/dataset_prediction.hpp"

namespace hypnos {

Subject make_subject(Network network, const Dataset& calibration, Dataset evaluation,
                     const Execution& execution) {
  Subject subject;
  subject.sleeper.maxima = predict(network, calibration, execution).maxima;
  subject.sleeper.mean = noise_shape(calibration);
  subject.sleeper.shape = calibration.shape;
  subject.sleeper.network = std::move(network);
  subject.training = calibration;
  subject.evaluation = std::move(evaluation);
  return subject;
}

std::vector<const Sleeper*> sleepers_of(std::span<const Subject> subjects) {
  std::vector<const Sleeper*> sleepers;
  sleepers.reserve(subjects.size());
  for (const Subject& subject : subjects) sleepers.push_back(&subject.sleeper);
  return sleepers;
}

}  // namespace hypnos
