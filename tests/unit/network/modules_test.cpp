#include "network/modules.hpp"

#include <gtest/gtest.h>

#include "support/tensors.hpp"

namespace hypnos {
namespace {

using test::counter;
using test::model_error;
using test::model_of;
using test::tensor;

const StoredTensor weights = tensor("0.weight", {5, 4});

// A file with a layer and this tensor.
std::string error_with(const StoredTensor& more) {
  return model_error({weights, more});
}

TEST(Modules, ALayerMayHaveNoName) {
  const Model model = model_of({tensor("weight", {5, 4}, 2), tensor("bias", {5}, 3)});
  ASSERT_EQ(model.network.layers.size(), 1U);
  EXPECT_EQ(model.network.layers[0].biases, std::vector<float>(5, 3));
}

TEST(Modules, NothingIsDroppedWithoutAWord) {
  EXPECT_EQ(error_with(tensor("0.mybias", {5})),
            "tensor 0.mybias [5]: it is not known what it does; a layer has \"<layer>.weight\" "
            "[outputs x inputs] and \"<layer>.bias\" [outputs]");
  EXPECT_EQ(error_with(tensor("scale", {})).substr(0, 40),
            "tensor scale []: it is not known what it");
  EXPECT_NE(error_with(tensor("1.weight", {1})).find("PReLU"), std::string::npos);
  EXPECT_NE(
      model_error({weights, tensor("n.weight", {5}), tensor("n.bias", {5})}).find("LayerNorm"),
      std::string::npos);
  EXPECT_NE(error_with(tensor("conv.weight", {4, 3, 3, 3}))
                .find("only fully connected layers are supported"),
            std::string::npos);
  EXPECT_EQ(error_with(tensor("norm.bias", {4})),
            "tensor norm.bias [4]: no weights of the same layer (\"norm.weight\")");
  EXPECT_EQ(error_with(tensor("bias", {4})),
            "tensor bias [4]: no weights of the same layer (\"weight\")");
  EXPECT_EQ(error_with(tensor("0.bias", {1, 5})),
            "tensor 0.bias [1 x 5]: biases have the shape [outputs]");
}

TEST(Modules, WeightsThatAreMadeFromOthersAreRefused) {
  EXPECT_EQ(
      model_error({weights, tensor("2.weight_orig", {3, 5}), tensor("2.weight_mask", {3, 5})}),
      "tensor 2.weight_orig: the layer is pruned; make that permanent before you save it: "
      "torch.nn.utils.prune.remove(layer, \"weight\")");
  EXPECT_NE(error_with(tensor("2.weight_g", {3, 1})).find("remove_weight_norm"), std::string::npos);
  EXPECT_NE(error_with(tensor("2.parametrizations.weight.original0", {3, 1}))
                .find("remove_parametrizations"),
            std::string::npos);
  EXPECT_NE(error_with(tensor("0.lora_A.weight", {2, 4})).find("LoRA"), std::string::npos);
  EXPECT_NE(error_with(tensor("dense.kernel", {5, 4})).find("[inputs x outputs]"),
            std::string::npos);
  EXPECT_NE(error_with(tensor("rnn.weight_ih_l0", {5, 4})).find("recurrent"), std::string::npos);
  EXPECT_NE(error_with(tensor("attention.in_proj_weight", {15, 5})).find("attention"),
            std::string::npos);
}

TEST(Modules, SharedTensorsAreRefused) {
  const std::vector<StoredTensor> tensors = {tensor("0.weight", {4, 4}),
                                             tensor("4.weight", {2, 4})};
  EXPECT_NE(model_error(tensors, {{"2.weight", "0.weight"}, {"format", "pt"}})
                .find("metadata 2.weight: is the same tensor as 0.weight"),
            std::string::npos);
  EXPECT_EQ(model_error(tensors, {{"best", "of 3"}, {"0.weight", "4.weight"}}), "no error");
}

TEST(Modules, WhatHasNoEffectIsKept) {
  const test::TemporaryFolder folder;
  const std::vector<StoredTensor> kept = {counter("n_averaged"), tensor("lif1.threshold", {}),
                                          tensor("lif1.beta", {}, 0.9F, "F16"),
                                          tensor("lif1.graded_spikes_factor", {5})};
  std::vector<StoredTensor> all = kept;
  all.push_back(weights);
  const Model model = model_of(all);
  EXPECT_EQ(model.network.layers.size(), 1U);
  write_model(folder / "m", model);
  const safetensors::File file = safetensors::read(folder / "m");
  ASSERT_EQ(file.tensors.size(), all.size());
  for (const StoredTensor& before : all) {
    const auto after = std::find_if(file.tensors.begin(), file.tensors.end(),
                                    [&](const auto& t) { return t.name == before.name; });
    ASSERT_NE(after, file.tensors.end()) << before.name;
    EXPECT_EQ(after->type, before.type);
    EXPECT_EQ(after->shape, before.shape);
    EXPECT_EQ(after->bytes, before.bytes);
  }
}

TEST(Modules, BetaAloneIsNoSpikingNeuron) {
  EXPECT_NE(model_error({weights, tensor("norm.gamma", {5}), tensor("norm.beta", {5})}),
            "no error");
  EXPECT_NE(model_error({weights, tensor("norm.threshold", {5}), tensor("norm.gamma", {5})}),
            "no error");
}

TEST(Modules, WhatTheUserSaysHasNoEffectIsKeptToo) {
  const std::vector<StoredTensor> tensors = {weights, tensor("aux.weight", {3, 5}),
                                             tensor("aux.bias", {3}), tensor("temperature", {1}),
                                             tensor("2.weight", {2, 5})};
  EXPECT_NE(model_error(tensors), "no error");
  const test::TemporaryFolder folder;
  write_model(folder / "m", model_of(tensors, {}, {.without_effect = {"aux", "temperature"}}));
  const Model again = read_model(folder / "m");  // it is remembered
  EXPECT_EQ(again.network.layers.size(), 2U);
  EXPECT_EQ(again.kept.size(), 3U);
  EXPECT_EQ(model_error(tensors, {}, {.without_effect = {"au"}}),
            "has no tensor or layer \"au\" that could be left aside");
}

// Avalanche's heads that grow.
TEST(Modules, MasksOfClassesAreKeptWhereTheyMaskNone) {
  StoredTensor mask{.name = "0.active_units", .type = "I8", .shape = {3}, .bytes = "\1\1\1"};
  EXPECT_EQ(model_of({weights, mask}).kept.size(), 1U);
  mask.bytes[1] = '\0';
  EXPECT_EQ(error_with(mask),
            "tensor 0.active_units [3]: answers are masked where it is 0, and here some are");
}

TEST(Modules, WeightsByInputsFirstAreRefused) {
  EXPECT_EQ(model_error({tensor("0.weight", {4, 5}), tensor("0.bias", {5})}),
            "tensor 0.weight [4 x 5] with 5 biases: weights have the shape [outputs x inputs]; "
            "transpose these");
}

}  // namespace
}  // namespace hypnos
