#include "hypnos/model_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "hypnos/error.hpp"
#include "support/networks.hpp"
#include "support/tensors.hpp"

namespace hypnos {
namespace {

using safetensors::Tensor;
using test::model_error;
using test::TemporaryFolder;
using test::tensor;

TEST(ModelFile, NamesTensorsAsSequentialDoes) {
  const TemporaryFolder folder;
  const std::size_t sizes[] = {3, 4, 2};
  Model model = make_model(test::random_network(sizes, -1, 1, 1, true));
  model.network.output = OutputKind::relu;
  model.network.dropout = 0.1F;
  model.network.dropout_form = DropoutForm::classical;
  write_model(folder / "m", model);

  const safetensors::File file = safetensors::read(folder / "m");
  std::vector<std::string> names;
  for (const Tensor& t : file.tensors) names.push_back(t.name);
  EXPECT_EQ(names, (std::vector<std::string>{"0.weight", "0.bias", "2.weight", "2.bias"}));

  const Model read = read_model(folder / "m");
  EXPECT_EQ(read.network.output, OutputKind::relu);
  EXPECT_EQ(read.network.dropout, 0.1F);
  EXPECT_EQ(read.network.dropout_form, DropoutForm::classical);
  for (std::size_t l = 0; l < 2; ++l) {
    EXPECT_EQ(read.network.layers[l].weights, model.network.layers[l].weights);
    EXPECT_EQ(read.network.layers[l].biases, model.network.layers[l].biases);
  }
}

TEST(ModelFile, KeepsForeignNamesTypesAndMetadata) {
  const TemporaryFolder folder;
  const safetensors::File foreign = {.tensors = {tensor("encoder.fc2.weight", {2, 4}, 0.5F, "BF16"),
                                                 tensor("encoder.fc2.bias", {2}, -0.25F, "F64"),
                                                 tensor("encoder.fc1.weight", {4, 3}, 2, "F16")},
                                     .metadata = {{"format", "pt"}, {"author", "someone"}}};
  safetensors::write(folder / "m", foreign);
  const Model model = read_model(folder / "m");
  EXPECT_EQ(model.network.output, OutputKind::softmax);
  EXPECT_EQ(model.network.inputs(), 3U);
  EXPECT_EQ(model.network.layers[1].biases, (std::vector<float>{-0.25F, -0.25F}));
  write_model(folder / "n", model);

  const safetensors::File written = safetensors::read(folder / "n");
  EXPECT_EQ(written.metadata.at("author"), "someone");
  EXPECT_EQ(written.metadata.at("format"), "pt");
  ASSERT_EQ(written.tensors.size(), foreign.tensors.size());
  for (const Tensor& before : foreign.tensors) {
    const auto after = std::find_if(written.tensors.begin(), written.tensors.end(),
                                    [&](const Tensor& t) { return t.name == before.name; });
    ASSERT_NE(after, written.tensors.end()) << before.name;
    EXPECT_EQ(after->type, before.type);
    EXPECT_EQ(after->shape, before.shape);
    EXPECT_EQ(after->bytes, before.bytes);
  }
}

// A double that single precision cannot hold keeps its last bits, unless it is changed.
TEST(ModelFile, KeepsTheBytesOfWhatDidNotChange) {
  const TemporaryFolder folder;
  const double values[] = {0.1, 0.2};
  const Tensor foreign{.name = "a.weight",
                       .type = "F64",
                       .shape = {1, 2},
                       .bytes = std::string(reinterpret_cast<const char*>(values), sizeof values)};
  Model model = test::model_of({foreign});
  EXPECT_EQ(tensors_of(model)[0].bytes, foreign.bytes);
  model.network.layers[0].weights[1] = 3;
  EXPECT_EQ(tensors_of(model)[0].bytes.substr(0, 8), foreign.bytes.substr(0, 8));
  EXPECT_EQ(to_floats("F64", tensors_of(model)[0].bytes), (std::vector<float>{0.1F, 3}));
}

TEST(ModelFile, IsRoundedToTheTypesOfItsFile) {
  Model model = test::model_of({tensor("a.weight", {1, 2}, 1, "BF16")});
  model.network.layers[0].weights[0] = 1.001F;
  EXPECT_EQ(as_written(model).layers[0].weights, (std::vector<float>{1, 1}));
}

TEST(ModelFile, OneOutputIsASigmoid) {
  EXPECT_EQ(test::model_of({tensor("a.weight", {1, 2})}).network.output, OutputKind::sigmoid);
  EXPECT_EQ(test::model_of({tensor("a.weight", {2, 2})}).network.output, OutputKind::softmax);
  EXPECT_EQ(
      test::model_of({tensor("a.weight", {1, 2})}, {{"hypnos.output", "relu"}}).network.output,
      OutputKind::relu);
  EXPECT_EQ(model_error({tensor("a.weight", {2, 2})}, {{"hypnos.output", "sigmoid"}}),
            "a sigmoid output is one unit for two classes, and the network has 2");
}

TEST(ModelFile, RefusesWhatIsNotAPerceptron) {
  EXPECT_EQ(model_error({}), "has no weights");
  EXPECT_EQ(model_error({tensor("a.weight", {4, 3}), tensor("a.bias", {2})}),
            "layer 1 has 2 biases for 4 units");
  EXPECT_EQ(model_error({{.name = "a.weight", .type = "I8", .shape = {1, 2}, .bytes = "xy"}}),
            "tensor a.weight: number type I8 is not supported; use F32, F64, F16 or BF16");
}

TEST(ModelFile, RefusesNanAndInfinity) {
  EXPECT_EQ(model_error({tensor("a.weight", {4, 3}, std::nanf(""))}),
            "layer 1 has weights that are NaN or infinite");
  EXPECT_EQ(model_error({tensor("a.weight", {4, 3}), tensor("a.bias", {4}, HUGE_VALF)}),
            "layer 1 has biases that are NaN or infinite");
}

TEST(ModelFile, RefusesDamagedMetadata) {
  EXPECT_EQ(model_error({tensor("a.weight", {4, 3})}, {{"hypnos.output", "tanh"}}),
            "metadata hypnos.output: \"tanh\" is not relu, softmax or sigmoid");
  EXPECT_EQ(model_error({tensor("a.weight", {4, 3})}, {{"hypnos.dropout", "1.5"}}),
            "metadata hypnos.dropout: \"1.5\" is not a number in [0, 1)");
}

TEST(ModelFile, RefusesDamagedMemoryOfItsReading) {
  const std::vector<Tensor> tensors = {tensor("a.weight", {4, 3})};
  EXPECT_EQ(model_error(tensors, {{"hypnos.layers", "a"}}),
            "metadata hypnos.layers: is not a list of texts");
  EXPECT_EQ(model_error(tensors, {{"hypnos.layers", "[1]"}}),
            "metadata hypnos.layers: is not a list of texts");
  EXPECT_EQ(model_error(tensors, {{"hypnos.layers", "[\"b\"]"}}),
            "has no layer \"b\"; it has a.weight [4 x 3]");
  EXPECT_EQ(model_error(tensors, {{"hypnos.batch_norm", "below"}}),
            "metadata hypnos.batch_norm: \"below\" is not before-relu or after-relu");
}

TEST(ModelFile, SaysWhenThereIsNone) {
  EXPECT_EQ(test::message_of<FileError>([] { read_model("/nowhere/m"); }),
            "/nowhere/m: there is no such file");
}

}  // namespace
}  // namespace hypnos
