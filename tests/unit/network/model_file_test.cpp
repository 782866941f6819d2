#include "hypnos/model_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "hypnos/error.hpp"
#include "network/element_type.hpp"
#include "network/safetensors.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

using safetensors::Tensor;
using test::TemporaryFolder;

Tensor tensor(const std::string& name, std::vector<std::uint64_t> shape, float value = 1,
              const std::string& type = "F32") {
  std::size_t elements = 1;
  for (const auto size : shape) elements *= size;
  return {.name = name,
          .type = type,
          .shape = std::move(shape),
          .bytes = to_bytes(type, std::vector<float>(elements, value))};
}

// Reads a file with the given tensors; gives it back or the error behind its path.
std::string error_of(const std::vector<Tensor>& tensors,
                     const std::map<std::string, std::string>& metadata = {}) {
  const TemporaryFolder folder;
  safetensors::write(folder / "m", {.tensors = tensors, .metadata = metadata});
  const std::string message = test::message_of<FileError>([&] { read_model(folder / "m"); });
  const std::string path = (folder / "m").string() + ": ";
  return message.starts_with(path) ? message.substr(path.size()) : message;
}

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

TEST(ModelFile, OrdersLayersByNumberNotByLetter) {
  std::vector<Tensor> tensors;
  for (std::uint64_t l = 0; l < 12; ++l) {
    tensors.push_back(tensor("layers." + std::to_string(l) + ".weight", {l + 2, l + 1}));
  }
  EXPECT_EQ(error_of({tensors.rbegin(), tensors.rend()}), "no error");
}

TEST(ModelFile, FallsBackToTheOrderOfTheFile) {
  EXPECT_EQ(error_of({tensor("in.weight", {4, 3}), tensor("hidden.weight", {5, 4}),
                      tensor("answer.weight", {2, 5})}),
            "no error");
}

TEST(ModelFile, RefusesWhatIsNotAPerceptron) {
  EXPECT_EQ(
      error_of({tensor("a.weight", {4, 3}), tensor("b.weight", {2, 5})}),
      "the shapes (outputs x inputs) do not form a chain: a.weight [4 x 3], b.weight [2 x 5]");
  EXPECT_EQ(error_of({tensor("conv.weight", {4, 3, 3, 3})}),
            "tensor conv.weight [4 x 3 x 3 x 3]: only fully connected layers are supported, with "
            "weights [outputs x inputs] and biases [outputs]");
  EXPECT_EQ(error_of({}), "has no weights");
  EXPECT_EQ(error_of({tensor("a.weight", {4, 3}), tensor("norm.bias", {4})}),
            "tensor norm.bias: no weights of the same layer (\"norm.weight\")");
  EXPECT_EQ(error_of({tensor("a.weight", {4, 3}), tensor("a.bias", {3})}),
            "layer 1 has 3 biases for 4 units");
  EXPECT_EQ(error_of({{.name = "a.weight", .type = "I8", .shape = {1, 2}, .bytes = "xy"}}),
            "tensor a.weight: number type I8 is not supported; use F32, F64, F16 or BF16");
}

TEST(ModelFile, RefusesNanAndInfinity) {
  EXPECT_EQ(error_of({tensor("a.weight", {4, 3}, std::nanf(""))}),
            "layer 1 has weights that are NaN or infinite");
  EXPECT_EQ(error_of({tensor("a.weight", {4, 3}), tensor("a.bias", {4}, HUGE_VALF)}),
            "layer 1 has biases that are NaN or infinite");
}

TEST(ModelFile, RefusesDamagedMetadata) {
  EXPECT_EQ(error_of({tensor("a.weight", {4, 3})}, {{"hypnos.output", "tanh"}}),
            "metadata hypnos.output: \"tanh\" is not relu or softmax");
  EXPECT_EQ(error_of({tensor("a.weight", {4, 3})}, {{"hypnos.dropout", "1.5"}}),
            "metadata hypnos.dropout: \"1.5\" is not a number in [0, 1)");
}

TEST(ModelFile, SaysWhenThereIsNone) {
  EXPECT_EQ(test::message_of<FileError>([] { read_model("/nowhere/m"); }),
            "/nowhere/m: there is no such file");
}

}  // namespace
}  // namespace hypnos
