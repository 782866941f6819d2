#include "results/select_older.hpp"

#include "results/moments_and_layers.hpp"

namespace hypnos {
namespace {

void select_histograms(const SQLite::Database& database, const std::string& id,
                       SleepOutcome& sleep) {
  Rows rows(database, "weight_histograms", id);
  while (rows.next()) {
    const Place place = place_in(rows, sleep.weights.size());
    LayerWeights& layer = sleep.weights[place.layer];
    WeightHistogram& histogram = place.after ? layer.histogram_after : layer.histogram_before;
    rows.expect("bin", histogram.counts.size());
    if (histogram.counts.empty()) histogram.low = rows.number("low");
    histogram.high = rows.number("high");
    if (histogram.high < histogram.low) rows.fail("a bin ends before it begins");
    histogram.counts.push_back(rows.count("count"));
  }
}

// Each layer has a square of them, or none.
void select_correlations(const SQLite::Database& database, const std::string& id,
                         SleepOutcome& sleep) {
  RowCounts widths(sleep.responses.size());
  Rows rows(database, "class_correlations", id);
  while (rows.next()) {
    const Place place = place_in(rows, sleep.responses.size());
    LayerResponses& layer = sleep.responses[place.layer];
    std::vector<double>& found = (place.after ? layer.after : layer.before).correlations;
    std::size_t& width = widths.at(place);
    const std::uint64_t row = rows.count("class");
    if (row == 0) ++width;
    if (width == 0) rows.fail("pairs of classes are missing");
    rows.expect("class", row == 0 ? 0 : found.size() / width);
    rows.expect("other", row == 0 ? found.size() : found.size() % width);
    found.push_back(number_or_nan(rows, "correlation"));
  }
  for (std::size_t layer = 0; layer < sleep.responses.size(); ++layer) {
    for (const bool after : {false, true}) {
      const LayerResponses& both = sleep.responses[layer];
      const std::size_t width = widths.at({.after = after, .layer = layer});
      if ((after ? both.after : both.before).correlations.size() != width * width) {
        rows.fail("pairs of classes are missing");
      }
    }
  }
}

}  // namespace

void select_older_confusions(const SQLite::Database& database, const std::string& id,
                             std::map<std::string, Metrics>& at) {
  Rows rows(database, "confusions", id);
  while (rows.next()) {
    const auto found = at.find(rows.text("moment"));
    if (found == at.end()) rows.fail("has a moment at which nothing was measured");
    Metrics& m = found->second;
    m.confusion.classes = m.per_class.size();
    const std::size_t next = m.confusion.counts.size();
    if (m.confusion.classes == 0) rows.fail("there are no classes");
    rows.expect("truth", next / m.confusion.classes);
    rows.expect("answer", next % m.confusion.classes);
    m.confusion.counts.push_back(rows.count("count"));
  }
}

void select_older_sleep(const SQLite::Database& database, const std::string& id,
                        SleepOutcome& sleep) {
  select_histograms(database, id, sleep);
  select_correlations(database, id, sleep);
}

}  // namespace hypnos
