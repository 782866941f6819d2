#include "results/metrics_json.hpp"

namespace hypnos {

Json rows_of(const ConfusionMatrix& confusion) {
  Json rows = Json::array();
  for (std::size_t c = 0; c < confusion.classes; ++c) {
    Json& row = rows.emplace_back(Json::array());
    for (std::size_t answer = 0; answer < confusion.classes; ++answer) {
      row.push_back(confusion.at(c, answer));
    }
  }
  return rows;
}

Json to_json(const Metrics& m) {
  Json per_class = Json::array();
  for (std::size_t c = 0; c < m.per_class.size(); ++c) {
    const ClassMetrics& of_class = m.per_class[c];
    per_class.push_back({{"class", c},
                         {"samples", of_class.samples},
                         {"answered", of_class.answered},
                         {"precision", of_class.precision},
                         {"recall", of_class.recall},
                         {"f1", of_class.f1}});
  }
  Json json = {{"samples", m.samples},
               {"accuracy", m.accuracy},
               {"balanced_accuracy", m.balanced_accuracy},
               {"macro_f1", m.macro_f1},
               {"geometric_mean", m.geometric_mean},
               {"worst_recall", m.worst_recall}};
  if (m.probabilities) {
    json["cross_entropy"] = m.probabilities->cross_entropy;
    json["calibration_error"] = m.probabilities->calibration_error;
    if (m.probabilities->roc_area) json["roc_area"] = *m.probabilities->roc_area;
  }
  json["per_class"] = per_class;
  json["confusion"] = rows_of(m.confusion);
  return json;
}

}  // namespace hypnos
