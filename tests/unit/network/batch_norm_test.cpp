// Networks with BatchNorms, against a plain computation in double precision.

#include "hypnos/batch_norm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "hypnos/model_errors.hpp"
#include "hypnos/prediction.hpp"
#include "support/networks.hpp"
#include "support/tensors.hpp"

namespace hypnos {
namespace {

using test::model_error;
using test::tensor;
using test::vector_of;
using Values = std::vector<double>;

// A BatchNorm with its own shift and scale of 4 units.
const std::vector<float> means = {0.5F, -1.25F, 2, 0.125F};
const std::vector<float> variances = {1, 0.25F, 4, 2};
const std::vector<float> scales = {1.5F, -0.5F, 2, 0.75F};
const std::vector<float> shifts = {0.25F, 1, -0.5F, 0};

std::vector<StoredTensor> norm(const std::string& name, const std::vector<float>& mean = means) {
  return {vector_of(name + ".weight", scales), vector_of(name + ".bias", shifts),
          vector_of(name + ".running_mean", mean), vector_of(name + ".running_var", variances),
          test::counter(name + ".num_batches_tracked")};
}

// Two layers, 3 to 4 to 2.
std::vector<StoredTensor> layers(const std::string& first, const std::string& second,
                                 bool biases = true) {
  const std::size_t sizes[] = {3, 4, 2};
  const Network network = test::random_network(sizes, -1, 1, 7, true);
  std::vector<StoredTensor> tensors;
  for (std::size_t l = 0; l < 2; ++l) {
    const std::string name = l == 0 ? first : second;
    const Layer& layer = network.layers[l];
    tensors.push_back({.name = name + ".weight",
                       .type = "F32",
                       .shape = {layer.outputs, layer.inputs},
                       .bytes = to_bytes("F32", layer.weights)});
    if (biases) tensors.push_back(vector_of(name + ".bias", layer.biases));
  }
  return tensors;
}

std::vector<StoredTensor> operator+(std::vector<StoredTensor> a,
                                    const std::vector<StoredTensor>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<float> values_of(const std::vector<StoredTensor>& tensors, const std::string& name) {
  for (const StoredTensor& t : tensors) {
    if (t.name == name) return to_floats(t.type, t.bytes);
  }
  return {};
}

Values linear(const std::vector<StoredTensor>& tensors, const std::string& name, const Values& in) {
  const auto weights = values_of(tensors, name + ".weight");
  const auto biases = values_of(tensors, name + ".bias");
  Values out(weights.size() / in.size(), 0.0);
  for (std::size_t o = 0; o < out.size(); ++o) {
    if (!biases.empty()) out[o] = double{biases[o]};
    for (std::size_t i = 0; i < in.size(); ++i)
      out[o] += double{weights[o * in.size() + i]} * in[i];
  }
  return out;
}

Values normalize(const std::vector<StoredTensor>& tensors, const std::string& name, Values x) {
  const auto scale = values_of(tensors, name + ".weight");
  const auto shift = values_of(tensors, name + ".bias");
  const auto mean = values_of(tensors, name + ".running_mean");
  const auto variance = values_of(tensors, name + ".running_var");
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = (x[i] - double{mean[i]}) / std::sqrt(double{variance[i]} + 1e-5);
    if (!scale.empty()) x[i] = x[i] * double{scale[i]} + double{shift[i]};
  }
  return x;
}

Values rectify(Values x) {
  for (double& value : x) value = std::max(value, 0.0);
  return x;
}

const std::vector<float> image = {0.5F, -0.75F, 1};
const Values image_values = {0.5, -0.75, 1};

void expect_outputs(const Network& network, const Values& expected) {
  const Prediction found = predict(network, image);
  ASSERT_EQ(found.outputs.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(double{found.outputs[i]}, expected[i], 1e-5);
  }
}

std::vector<StoredTensor> written(const Model& model) {
  std::vector<StoredTensor> tensors = tensors_of(model);
  return tensors;
}

TEST(BatchNorm, BeforeTheRelu) {
  const auto tensors = layers("0", "3") + norm("1");
  const Model model = test::model_of(tensors);
  expect_outputs(
      model.network,
      linear(tensors, "3", rectify(normalize(tensors, "1", linear(tensors, "0", image_values)))));
}

TEST(BatchNorm, AfterTheRelu) {
  const auto tensors = layers("0", "3") + norm("2");
  const Model model = test::model_of(tensors);
  expect_outputs(
      model.network,
      linear(tensors, "3", normalize(tensors, "2", rectify(linear(tensors, "0", image_values)))));
}

TEST(BatchNorm, OfTheInputAndOfTheOutput) {
  std::vector<StoredTensor> tensors = layers("1", "3");
  for (const std::size_t units : {std::size_t{3}, std::size_t{2}}) {
    const std::string name = units == 3 ? "0" : "4";
    tensors.push_back(
        vector_of(name + ".running_mean",
                  {means.begin(), means.begin() + static_cast<std::ptrdiff_t>(units)}));
    tensors.push_back(
        vector_of(name + ".running_var",
                  {variances.begin(), variances.begin() + static_cast<std::ptrdiff_t>(units)}));
  }
  const Model model = test::model_of(tensors);
  expect_outputs(
      model.network,
      normalize(tensors, "4",
                linear(tensors, "3",
                       rectify(linear(tensors, "1", normalize(tensors, "0", image_values))))));
}

TEST(BatchNorm, IsWrittenAsItWasWhenNothingChanged) {
  for (const char* place : {"1", "2"}) {
    const auto tensors = layers("0", "3") + norm(place);
    for (const StoredTensor& after : written(test::model_of(tensors))) {
      const auto before = std::find_if(tensors.begin(), tensors.end(),
                                       [&](const auto& t) { return t.name == after.name; });
      ASSERT_NE(before, tensors.end());
      EXPECT_EQ(before->bytes, after.bytes) << after.name;
    }
  }
}

// Whatever changes the folded network, the file does the same.
TEST(BatchNorm, IsTakenOutOfWhatChanged) {
  for (const char* place : {"1", "2"}) {
    for (const bool biases : {true, false}) {
      if (!biases && std::string(place) == "2") continue;
      const auto tensors = layers("0", "3", biases) + norm(place);
      Model model = test::model_of(tensors);
      const std::vector<float> first = model.network.layers[0].weights;
      model.network.layers[0].weights[5] += 0.5F;
      model.network.layers[1].weights[3] -= 0.25F;
      model.network.layers[0].biases[2] += 1;
      const Values changed = [&] {
        const Prediction found = predict(model.network, image);
        return Values(found.outputs.begin(), found.outputs.end());
      }();
      expect_outputs(as_written(model), changed);
      const auto after = written(model);
      const auto weights = values_of(after, "0.weight");
      const auto before = values_of(tensors, "0.weight");
      for (std::size_t i = 0; i < weights.size(); ++i) {
        EXPECT_EQ(weights[i] == before[i], i != 5) << i;
      }
    }
  }
}

TEST(BatchNorm, WithoutScaleAndShiftKeepsTheFormOfTheFile) {
  auto tensors = layers("0", "3", false);
  tensors.push_back(vector_of("1.running_mean", means));
  tensors.push_back(vector_of("1.running_var", variances));
  Model model = test::model_of(tensors);
  for (float& bias : model.network.layers[0].biases) bias *= 2;
  const Prediction changed = predict(model.network, image);
  expect_outputs(as_written(model), {changed.outputs.begin(), changed.outputs.end()});
  EXPECT_EQ(written(model).size(), tensors.size());
}

TEST(BatchNorm, ANegativeMeanIsNotOfARelu) {
  const auto tensors = layers("fc1", "fc2") + norm("bn1");
  const Model model = test::model_of(tensors);
  EXPECT_TRUE(model.formats[0].output_norm.has_value());
  EXPECT_EQ(model.norm_place, NormPlace::before_relu);
}

TEST(BatchNorm, MayStandInTwoPlaces) {
  const auto tensors = layers("fc1", "fc2") + norm("bn1", {0.5F, 1, 2, 0});
  EXPECT_EQ(model_error(tensors),
            "bn1.running_mean: this BatchNorm can stand before the ReLU or after it, and nothing "
            "says where");
  EXPECT_THROW(test::model_of(tensors), NormPlaceError);
  const Model before = test::model_of(tensors, {}, {.batch_norm = NormPlace::before_relu});
  const Model after = test::model_of(tensors, {}, {.batch_norm = NormPlace::after_relu});
  EXPECT_TRUE(before.formats[0].output_norm.has_value());
  EXPECT_TRUE(after.formats[1].input_norm.has_value());
  const test::TemporaryFolder folder;
  write_model(folder / "m", after);
  EXPECT_TRUE(read_model(folder / "m").formats[1].input_norm.has_value());
}

TEST(BatchNorm, RefusesWhatCannotBeUndone) {
  auto tensors = layers("0", "3") + norm("1");
  for (StoredTensor& t : tensors) {
    if (t.name == "1.weight") t = vector_of("1.weight", {1, 0, 1, 1});
  }
  EXPECT_EQ(model_error(tensors),
            "1: the scale of unit 1 is 0, so that the BatchNorm cannot be taken out of the weights "
            "again; remove the unit");
  EXPECT_EQ(model_error(layers("0", "3", false) + norm("2")),
            "3.weight: a BatchNorm in front of a layer needs biases in it");
  EXPECT_NE(model_error(layers("0", "3") + norm("1", {0, 0, 0})), "no error");
  EXPECT_NE(model_error(layers("a", "b") + norm("x") + norm("y")), "no error");
}

}  // namespace
}  // namespace hypnos
