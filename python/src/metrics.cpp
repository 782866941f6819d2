#include "metrics.hpp"

#include <nanobind/stl/optional.h>

#include <utility>
#include <vector>

#include "data.hpp"

namespace nb = nanobind;

namespace sleepreplay {

nb::dict described(hypnos::Metrics metrics) {
  nb::dict result;
  result["samples"] = metrics.samples;
  result["accuracy"] = metrics.accuracy;
  result["balanced_accuracy"] = metrics.balanced_accuracy;
  result["macro_f1"] = metrics.macro_f1;
  result["geometric_mean"] = metrics.geometric_mean;
  result["worst_recall"] = metrics.worst_recall;
  const auto& probabilities = metrics.probabilities;
  result["cross_entropy"] =
      probabilities ? std::optional(probabilities->cross_entropy) : std::nullopt;
  result["calibration_error"] =
      probabilities ? std::optional(probabilities->calibration_error) : std::nullopt;
  result["roc_area"] = probabilities ? probabilities->roc_area : std::nullopt;
  const std::size_t classes = metrics.confusion.classes;
  result["confusion"] = owned(std::move(metrics.confusion.counts), {classes, classes});
  std::vector<double> precision;
  std::vector<double> recall;
  std::vector<double> f1;
  for (const auto& of_class : metrics.per_class) {
    precision.push_back(of_class.precision);
    recall.push_back(of_class.recall);
    f1.push_back(of_class.f1);
  }
  result["precision"] = owned(std::move(precision), {classes});
  result["recall"] = owned(std::move(recall), {classes});
  result["f1"] = owned(std::move(f1), {classes});
  return result;
}

}  // namespace sleepreplay
