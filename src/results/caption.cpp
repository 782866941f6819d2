#include "results/caption.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hypnos {

std::string shared_choices(const std::vector<TrialGroup>& groups, const Columns& columns) {
  std::string shared;
  for (const std::string& key : columns.constant) {
    shared += fmt::format("{}{} {}", shared.empty() ? " All: " : ", ", key,
                          choice_text(groups.front().choices.value(key, Json())));
  }
  return shared.empty() ? "" : shared + ".";
}

std::string results_caption(const std::vector<TrialGroup>& groups, const Columns& columns,
                            std::string measure) {
  std::replace(measure.begin(), measure.end(), '_', ' ');
  return fmt::format(
             "Test {}, mean ± standard deviation over n seeds; gains seed by seed, with 95% "
             "bootstrap intervals of their mean.",
             measure) +
         shared_choices(groups, columns);
}

std::string weights_caption(const std::vector<TrialGroup>& groups, const Columns& columns) {
  return "Weights into each layer and its responses to test images, mean ± standard deviation over "
         "n seeds: parts of the synapses that sleep has strengthened and weakened (strongly: by "
         "more than the weights' deviation before), sizes of changes in units of that deviation, "
         "part of all change in the largest changes; sparsities run from 0 (all alike) to 1 (one "
         "alone); correlation of the mean responses to two classes." +
         shared_choices(groups, columns);
}

}  // namespace hypnos
