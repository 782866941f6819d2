#include "hypnos/subject.hpp"

#include "hypnos/prediction.hpp"

namespace hypnos {

Subject make_subject(Network network, const Dataset& calibration, Dataset evaluation) {
  Subject subject;
  subject.maxima = predict(network, calibration).maxima;
  subject.mean = mean_image(calibration);
  subject.network = std::move(network);
  subject.evaluation = std::move(evaluation);
  return subject;
}

Sleeper sleeper(const Subject& subject) {
  return {.network = subject.network,
          .maxima = subject.maxima,
          .mean = subject.mean,
          .rows = subject.evaluation.shape.rows,
          .columns = subject.evaluation.shape.columns};
}

}  // namespace hypnos
