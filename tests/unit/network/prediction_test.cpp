#include "hypnos/prediction.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "hypnos/error.hpp"
#include "reference/plain_forward.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"
#include "support/vector_targets.hpp"

namespace hypnos {
namespace {

Network random_network(OutputKind output) {
  const std::size_t sizes[] = {12, 50, 101, 4};
  Network network = test::random_network(sizes, -0.5F, 0.5F, 5, true);
  network.output = output;
  network.dropout = 0.25F;
  network.dropout_form = DropoutForm::classical;
  return network;
}

class PredictTest : public test::VectorTargetTest {};

TEST_P(PredictTest, IsThePlainForwardPassToTheBit) {
  const Dataset data = test::toy_data(434, 3, 4, 4, 6);  // more than one block
  for (const OutputKind output : {OutputKind::relu, OutputKind::softmax}) {
    const Network network = random_network(output);
    std::vector<std::vector<float>> wanted(3);
    for (std::size_t s = 0; s < data.size(); ++s) {
      test::plain_forward(network, test::image_of(data, s),
                          [&](std::size_t l, std::span<const float> a) {
                            wanted[l].insert(wanted[l].end(), a.begin(), a.end());
                          });
    }
    for (const unsigned threads : {1U, 2U, 3U}) {
      std::vector<std::vector<float>> shown(3);
      const Prediction prediction =
          predict(network, data.images, {.threads = threads},
                  [&](std::size_t layer, std::size_t first, std::span<const float> responses) {
                    EXPECT_EQ(shown[layer].size(), first * network.layers[layer].outputs);
                    shown[layer].insert(shown[layer].end(), responses.begin(), responses.end());
                  });
      EXPECT_EQ(shown, wanted);
      EXPECT_EQ(prediction.outputs, wanted[2]);
      for (std::size_t l = 0; l < 3; ++l) {
        EXPECT_EQ(prediction.maxima[l],
                  std::max(0.0F, *std::max_element(wanted[l].begin(), wanted[l].end())));
      }
      ASSERT_EQ(prediction.answers.size(), data.size());
      for (std::size_t s = 0; s < data.size(); ++s) {
        const auto* row = &wanted[2][4 * s];
        EXPECT_EQ(prediction.answers[s], std::max_element(row, row + 4) - row);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, PredictTest, test::vector_targets(), test::target_name);

TEST(Predict, AnswersTheFirstOfEqualOutputs) {
  Network network;
  network.output = OutputKind::relu;
  network.layers = {{.outputs = 3, .inputs = 1, .weights = {-1, -2, -3}}};
  const float image[] = {1};
  EXPECT_EQ(predict(network, image).answers, (std::vector<std::uint32_t>{0}));
}

TEST(Predict, OfNothingIsNothing) {
  const std::size_t sizes[] = {5, 2};
  const Prediction prediction = predict(test::random_network(sizes, 0, 1, 1), {});
  EXPECT_TRUE(prediction.outputs.empty());
  EXPECT_EQ(prediction.maxima, std::vector<float>{0});
}

TEST(Predict, StopsWhenAsked) {
  const Network network = random_network(OutputKind::relu);
  const Dataset data = test::toy_data(5000, 3, 4, 4, 6);
  double reached = 0;
  const Progress progress([&](double part, std::string_view) {
    reached = part;
    return part < 0.5;
  });
  EXPECT_THROW(predict(network, data.images, {.threads = 2, .progress = progress}), Stopped);
  EXPECT_NEAR(reached, 0.5, 0.05);
}

TEST(Predict, RefusesImagesThatDoNotFit) {
  const std::size_t sizes[] = {5, 2};
  const Network network = test::random_network(sizes, 0, 1, 1);
  EXPECT_THROW(predict(network, std::vector<float>(16)), InputError);
  EXPECT_EQ(test::message_of<InputError>([&] { check_inputs(network, 4); }),
            "images of 4 pixels for a network of 5 inputs");
  EXPECT_NO_THROW(check_inputs(network, 5));
}

}  // namespace
}  // namespace hypnos
