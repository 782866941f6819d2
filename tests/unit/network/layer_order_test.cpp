#include <gtest/gtest.h>

#include <algorithm>

#include "hypnos/model_errors.hpp"
#include "support/tensors.hpp"

namespace hypnos {
namespace {

using test::model_error;
using test::model_of;
using test::tensor;
using Names = std::vector<std::string>;

Names order_of(const Model& model) {
  Names names;
  for (const LayerFormat& format : model.formats) {
    names.push_back(format.weights_name.substr(0, format.weights_name.rfind('.')));
  }
  return names;
}

// A square layer.
StoredTensor square(const std::string& layer) {
  return tensor(layer + ".weight", {4, 4});
}

TEST(LayerOrder, OnlyOneChain) {
  // As the safetensors package writes them: by name.
  const Model model =
      model_of({tensor("classifier.weight", {10, 32}), tensor("features.0.weight", {32, 64}),
                tensor("features.fc1.0.weight", {32, 32})});
  EXPECT_EQ(order_of(model), (Names{"features.0", "features.fc1.0", "classifier"}));
  EXPECT_EQ(model.order, OrderEvidence::shapes);
}

TEST(LayerOrder, NumbersDecideAmongChains) {
  std::vector<StoredTensor> tensors;
  for (int l = 11; l >= 0; --l) tensors.push_back(square("layers." + std::to_string(l) + ".fc"));
  const Model model = model_of(tensors);
  EXPECT_EQ(order_of(model)[2], "layers.2.fc");
  EXPECT_EQ(order_of(model)[10], "layers.10.fc");
  EXPECT_EQ(model.order, OrderEvidence::numbers);
}

TEST(LayerOrder, NumbersAndShapesTogether) {
  // fc2 and fc3 could change places, but for their numbers.
  const Model model = model_of(
      {tensor("fc1.weight", {4, 9}), square("fc2"), square("fc3"), tensor("out.weight", {2, 4})});
  EXPECT_EQ(order_of(model), (Names{"fc1", "fc2", "fc3", "out"}));
  EXPECT_EQ(model.order, OrderEvidence::numbers);
}

TEST(LayerOrder, ShapesAreStrongerThanNumbers) {
  const Model model = model_of({tensor("fc1.weight", {2, 4}), tensor("fc2.weight", {4, 9})});
  EXPECT_EQ(order_of(model), (Names{"fc2", "fc1"}));
}

TEST(LayerOrder, AFileThatIsNotSortedByNameSpeaks) {
  const std::vector<StoredTensor> tensors = {square("layer_one"), square("layer_two"),
                                             square("layer_three"), tensor("out.weight", {2, 4})};
  const Model model = model_of(tensors);
  EXPECT_EQ(order_of(model), (Names{"layer_one", "layer_two", "layer_three", "out"}));
  EXPECT_EQ(model.order, OrderEvidence::file);
}

TEST(LayerOrder, IsRememberedWhereTheFileDoesNotShowIt) {
  const test::TemporaryFolder folder;
  write_model(folder / "m", model_of({square("b"), square("a"), square("c")}));
  // Sorted by somebody else, with its metadata.
  safetensors::File file = safetensors::read(folder / "m");
  std::sort(file.tensors.begin(), file.tensors.end(),
            [](const auto& x, const auto& y) { return x.name < y.name; });
  safetensors::write(folder / "m", file);
  const Model model = read_model(folder / "m");
  EXPECT_EQ(order_of(model), (Names{"b", "a", "c"}));
  EXPECT_EQ(model.order, OrderEvidence::given);
}

TEST(LayerOrder, RefusesWhatNobodyCanKnow) {
  const std::vector<StoredTensor> sorted = {square("alpha"), square("beta")};
  EXPECT_EQ(model_error(sorted),
            "its layers can follow each other in several ways, and neither their names nor their "
            "order in the file say in which: alpha.weight [4 x 4], beta.weight [4 x 4]");
  try {
    model_of(sorted);
  } catch (const LayerOrderError& error) {
    EXPECT_EQ(error.layers(), (Names{"alpha", "beta"}));
  }
}

TEST(LayerOrder, TheOrderOfThePackageGoesByNumberTypesFirst) {
  // b comes first because its type is the wider one; that says nothing.
  const StoredTensor wide = tensor("b.weight", {4, 4}, 1, "F64");
  EXPECT_NE(model_error({wide, square("a")}), "no error");
  EXPECT_EQ(model_error({wide, square("d"), square("c")}), "no error");
}

TEST(LayerOrder, IsWhatTheUserSays) {
  const std::vector<StoredTensor> sorted = {square("alpha"), square("beta")};
  const Model model = model_of(sorted, {}, {.layers = {"beta", "alpha.weight"}});
  EXPECT_EQ(order_of(model), (Names{"beta", "alpha"}));
  EXPECT_EQ(model.order, OrderEvidence::given);
  EXPECT_EQ(model_error(sorted, {}, {.layers = {"beta", "gamma"}}),
            "has no layer \"gamma\"; it has alpha.weight [4 x 4], beta.weight [4 x 4]");
  EXPECT_EQ(model_error(sorted, {}, {.layers = {"beta", "beta"}}),
            "the layer \"beta\" is named twice");
  EXPECT_EQ(model_error(sorted, {}, {.layers = {"beta"}}),
            "1 of 2 layers are named; it has alpha.weight [4 x 4], beta.weight [4 x 4]");
  EXPECT_EQ(model_error({tensor("a.weight", {4, 3}), tensor("b.weight", {2, 4})}, {},
                        {.layers = {"b", "a"}}),
            "in the order that was given the shapes (outputs x inputs) do not form a chain: "
            "b.weight [2 x 4], a.weight [4 x 3]");
}

TEST(LayerOrder, NoOrderIsAChain) {
  EXPECT_EQ(
      model_error({tensor("a.weight", {4, 3}), tensor("b.weight", {2, 5})}),
      "the shapes (outputs x inputs) do not form a chain: a.weight [4 x 3], b.weight [2 x 5]");
}

TEST(LayerOrder, ManyLayersAreOrderedInNoTime) {
  std::vector<StoredTensor> tensors;
  for (int l = 0; l < 500; ++l) {
    tensors.push_back(tensor("a" + std::to_string(l) + ".weight", {1, 1}));
  }
  EXPECT_EQ(model_error(tensors), "no error");
  // As many chains as there are orders, of names without numbers.
  tensors.clear();
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) {
      tensors.push_back(tensor(std::string{a, b} + ".weight", {1, 1}));
    }
  }
  EXPECT_NE(model_error(tensors).find("can follow each other in several ways"), std::string::npos);
  // And many dead ends: no chain can use both of the last two.
  for (StoredTensor& t : tensors) t = tensor(t.name, {2, 2});
  tensors[0] = tensor(tensors[0].name, {3, 2});
  tensors[1] = tensor(tensors[1].name, {3, 2});
  EXPECT_NE(model_error(tensors), "no error");
}

}  // namespace
}  // namespace hypnos
