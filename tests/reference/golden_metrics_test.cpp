// Metrics against scikit-learn's (make_metrics.py).

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "hypnos/metrics.hpp"

namespace hypnos {
namespace {

using Json = nlohmann::json;

Json read_golden() {
  std::ifstream file(GOLDEN_DIR "/metrics.json");
  return Json::parse(file);
}

TEST(GoldenMetrics, AreThoseOfScikitLearn) {
  std::size_t curves = 0;
  const Json golden = read_golden();
  for (const Json& c : golden["cases"]) {
    const auto truth = c["truth"].get<std::vector<std::uint32_t>>();
    const Metrics m = measure(truth, c["answers"].get<std::vector<std::uint32_t>>(),
                              c["classes"].get<std::size_t>());
    EXPECT_NEAR(m.accuracy, c["accuracy"].get<double>(), 1e-12);
    EXPECT_NEAR(m.balanced_accuracy, c["balanced_accuracy"].get<double>(), 1e-12);
    EXPECT_NEAR(m.macro_f1, c["macro_f1"].get<double>(), 1e-12);
    EXPECT_NEAR(m.geometric_mean, c["geometric_mean"].get<double>(), 1e-12);
    std::vector<std::uint64_t> confusion;
    for (const Json& row : c["confusion"]) {
      for (const Json& count : row) confusion.push_back(count.get<std::uint64_t>());
    }
    EXPECT_EQ(m.confusion.counts, confusion);
    if (!c.contains("roc_area")) continue;
    ++curves;
    const auto area = roc_area(truth, c["scores"].get<std::vector<double>>());
    EXPECT_NEAR(area.value_or(-1), c["roc_area"].get<double>(), 1e-12);
  }
  EXPECT_GT(curves, 5U);
}

TEST(GoldenMetrics, ProbabilitiesAreMeasuredAsScikitLearnDoes) {
  std::size_t found = 0;
  const Json golden = read_golden();
  for (const Json& c : golden["cases"]) {
    if (!c.contains("logits")) continue;
    ++found;
    const auto truth = c["truth"].get<std::vector<std::uint32_t>>();
    const auto classes = c["classes"].get<std::size_t>();
    const auto m = measure_probabilities(truth, c["logits"].get<std::vector<double>>(), classes);
    EXPECT_NEAR(m.cross_entropy, c["cross_entropy"].get<double>(), 1e-9);
    EXPECT_NEAR(m.calibration_error, c["calibration_error"].get<double>(), 1e-9);
    EXPECT_NEAR(m.roc_area.value_or(-1), c["mean_roc_area"].get<double>(), 1e-12);
    const auto answers = c["answers"].get<std::vector<std::uint32_t>>();
    EXPECT_NEAR(measure(truth, answers, classes).worst_recall, c["worst_recall"].get<double>(),
                1e-12);
  }
  EXPECT_GT(found, 20U);
}

}  // namespace
}  // namespace hypnos
