#include "hypnos/prediction.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/calibration.hpp"
#include "hypnos/error.hpp"
#include "network/forward.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

class PredictTest : public testing::TestWithParam<OutputKind> {};

TEST_P(PredictTest, AgreesWithThePlainForwardPass) {
  const std::size_t sizes[] = {12, 20, 15, 4};
  Network network = test::random_network(sizes, -0.5F, 0.5F, 5, true);
  network.output = GetParam();
  network.dropout = 0.25F;
  network.dropout_form = DropoutForm::classical;
  const Dataset data = test::toy_data(1234, 3, 4, 4, 6);  // more than one batch
  const Prediction prediction = predict(network, data);
  ASSERT_EQ(prediction.answers.size(), data.size());
  std::vector<float> outputs;
  for (std::size_t s = 0; s < data.size(); ++s) {
    forward(network, data.image(s),
            [&](std::size_t, std::span<const float> a) { outputs.assign(a.begin(), a.end()); });
    for (std::size_t c = 0; c < 4; ++c)
      ASSERT_NEAR(prediction.outputs[s * 4 + c], outputs[c], 1e-5);
    const float answered = outputs[prediction.answers[s]];
    ASSERT_NEAR(answered, *std::max_element(outputs.begin(), outputs.end()), 1e-5);
  }
  const auto maxima = activation_maxima(network, data.images);
  for (std::size_t l = 0; l < 3; ++l) EXPECT_NEAR(prediction.maxima[l], maxima[l], 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Outputs, PredictTest,
                         testing::Values(OutputKind::relu, OutputKind::softmax));

TEST(Predict, ShowsWhatUnitsRespond) {
  const std::size_t sizes[] = {12, 20, 15, 4};
  Network network = test::random_network(sizes, -0.5F, 0.5F, 5);
  network.dropout = 0.25F;
  network.dropout_form = DropoutForm::classical;
  const Dataset data = test::toy_data(1234, 3, 4, 4, 6);
  std::vector<std::vector<float>> shown(3);
  const Prediction prediction = predict(
      network, data, [&](std::size_t layer, std::size_t first, std::span<const float> responses) {
        EXPECT_EQ(shown[layer].size(), first * network.layers[layer].outputs);
        shown[layer].insert(shown[layer].end(), responses.begin(), responses.end());
      });
  EXPECT_EQ(shown[2], prediction.outputs);
  EXPECT_EQ(predict(network, data).outputs, prediction.outputs);
  for (std::size_t s = 0; s < data.size(); s += 100) {
    forward(network, data.image(s), [&](std::size_t l, std::span<const float> a) {
      for (std::size_t i = 0; i < a.size(); ++i)
        ASSERT_NEAR(shown[l][s * a.size() + i], a[i], 1e-5);
    });
  }
}

TEST(Predict, AnswersTheFirstOfEqualOutputs) {
  Network network;
  network.output = OutputKind::relu;
  network.layers = {{.outputs = 3, .inputs = 1, .weights = {-1, -2, -3}}};
  const Dataset data{.name = "one",
                     .shape = {.rows = 1, .columns = 1, .channels = 1},
                     .classes = 3,
                     .images = {1},
                     .labels = {2}};
  EXPECT_EQ(predict(network, data).answers, (std::vector<std::uint32_t>{0}));
}

TEST(Predict, RefusesImagesThatDoNotFit) {
  const std::size_t sizes[] = {5, 2};
  EXPECT_THROW(predict(test::random_network(sizes, 0, 1, 1), test::toy_data(4, 2, 2, 2, 1)),
               InputError);
}

}  // namespace
}  // namespace hypnos
