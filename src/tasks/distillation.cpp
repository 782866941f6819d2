#include "tasks/distillation.hpp"

#include <algorithm>

#include "base/portable_math.hpp"
#include "hypnos/dataset_prediction.hpp"

namespace hypnos {
namespace {

// Puts part * softmax over the known classes' logits on top of the targets.
void add_answers(std::span<const float> logits, std::span<const std::uint32_t> known, double part,
                 std::span<float> targets) {
  double largest = double{logits[known.front()]};
  for (const std::uint32_t c : known) largest = std::max(largest, double{logits[c]});
  double sum = 0;
  for (const std::uint32_t c : known) sum += portable::exp(double{logits[c]} - largest);
  for (const std::uint32_t c : known) {
    targets[c] += static_cast<float>(part * portable::exp(double{logits[c]} - largest) / sum);
  }
}

}  // namespace

std::vector<float> distillation_targets(const Network& network, const Dataset& data,
                                        std::span<const std::uint32_t> known, std::size_t classes,
                                        const Execution& execution) {
  const std::size_t outputs = network.outputs();
  const std::vector<float> answers = predict(network, data, execution).outputs;
  std::vector<float> targets(answers.size(), 0.0F);
  const double part = static_cast<double>(known.size()) / static_cast<double>(classes);
  for (std::size_t s = 0; s < data.size(); ++s) {
    const auto row = std::span(targets).subspan(s * outputs, outputs);
    const auto answer = std::span(answers).subspan(s * outputs, outputs);
    if (network.output == OutputKind::softmax) {
      row[data.labels[s]] = static_cast<float>(1 - part);
      add_answers(answer, known, part, row);
    } else {
      row[data.labels[s]] = 1;
      for (const std::uint32_t c : known) row[c] = answer[c];
    }
  }
  return targets;
}

}  // namespace hypnos
