#include "hypnos/dataset_prediction.hpp"

namespace hypnos {

Prediction predict(const Network& network, const Dataset& data, const Execution& execution,
                   const ResponseVisitor& visit) {
  check_inputs(network, data.shape.features());
  const auto image = [&](std::size_t sample, std::span<float> buffer) {
    return data.image(sample, buffer);
  };
  return predict(network, data.size(), image, execution, visit);
}

}  // namespace hypnos
