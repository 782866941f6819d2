#include "reference/plain_forward.hpp"

#include <gtest/gtest.h>

namespace hypnos::test {
namespace {

using Floats = std::vector<float>;

// 2 inputs, 2 hidden, 2 outputs; every number can be checked by hand.
Network by_hand() {
  Network network;
  network.layers = {{.outputs = 2, .inputs = 2, .weights = {1, 2, -3, 1}},
                    {.outputs = 2, .inputs = 2, .weights = {1, 0, -2, 5}}};
  return network;
}

std::vector<Floats> activations(const Network& network, const Floats& input) {
  std::vector<Floats> all;
  plain_forward(network, input, [&](std::size_t, std::span<const float> a) {
    all.emplace_back(a.begin(), a.end());
  });
  return all;
}

TEST(PlainForward, LogitsOfSoftmaxMayBeNegative) {
  EXPECT_EQ(activations(by_hand(), {1, 1}), (std::vector<Floats>{{3, 0}, {3, -6}}));
}

TEST(PlainForward, ReluOutputsMayNot) {
  Network network = by_hand();
  network.output = OutputKind::relu;
  EXPECT_EQ(activations(network, {1, 1}), (std::vector<Floats>{{3, 0}, {3, 0}}));
}

TEST(PlainForward, ClassicalDropoutScalesHiddenUnits) {
  Network network = by_hand();
  network.dropout = 0.25F;
  network.dropout_form = DropoutForm::classical;
  EXPECT_EQ(activations(network, {1, 1}), (std::vector<Floats>{{2.25F, 0}, {2.25F, -4.5F}}));
  network.dropout_form = DropoutForm::inverted;
  EXPECT_EQ(activations(network, {1, 1}), (std::vector<Floats>{{3, 0}, {3, -6}}));
}

TEST(PlainForward, AddsBiases) {
  Network network = by_hand();
  network.layers[0].biases = {-3, 4};
  network.layers[1].biases = {0.5F, 0};
  EXPECT_EQ(activations(network, {1, 1}), (std::vector<Floats>{{0, 2}, {0.5F, 10}}));
}

}  // namespace
}  // namespace hypnos::test
