#include "network.hpp"

#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <string>
#include <vector>

#include "choice.hpp"
#include "data.hpp"
#include "distortion.hpp"
#include "hypnos/attack.hpp"
#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "hypnos/prospect.hpp"
#include "hypnos/stages.hpp"
#include "metrics.hpp"
#include "work.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {
namespace {

using Matrix = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Vector = nb::ndarray<const float, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// Takes a copy of the arrays.
HeldNetwork make(const std::vector<Matrix>& weights, const std::vector<Vector>& biases,
                 const std::string& output, float dropout, const std::string& dropout_form) {
  if (!biases.empty() && biases.size() != weights.size()) {
    throw hypnos::ParameterError("biases",
                                 fmt::format("has {} arrays for {} layers; an empty array "
                                             "stands for a layer without biases",
                                             biases.size(), weights.size()));
  }
  hypnos::Network network{
      .output = choice<hypnos::OutputKind>("output", output),
      .dropout = dropout,
      .dropout_form = choice<hypnos::DropoutForm>("dropout_form", dropout_form)};
  for (std::size_t l = 0; l < weights.size(); ++l) {
    hypnos::Layer layer{.outputs = weights[l].shape(0), .inputs = weights[l].shape(1)};
    layer.weights.assign(weights[l].data(), weights[l].data() + weights[l].size());
    if (!biases.empty()) layer.biases.assign(biases[l].data(), biases[l].data() + biases[l].size());
    network.layers.push_back(std::move(layer));
  }
  validate(network);
  if (network.classes() < 2) {
    throw hypnos::ParameterError(
        "output", "a network of one output tells two classes apart by output=\"sigmoid\"");
  }
  return {.trained = {.network = std::move(network), .recipe = {}}};
}

HeldNetwork load(const std::string& path, const std::vector<std::string>& layers,
                 const std::optional<std::string>& batch_norm,
                 const std::vector<std::string>& without_effect) {
  hypnos::Reading reading{.layers = layers, .batch_norm = {}, .without_effect = without_effect};
  if (batch_norm) reading.batch_norm = choice<hypnos::NormPlace>("batch_norm", *batch_norm);
  hypnos::Model model = hypnos::read_model(path, reading);
  HeldNetwork held;
  held.trained.recipe = read_recipe(model, path);
  held.trained.network = std::exchange(model.network, {});
  held.file = std::move(model);
  return held;
}

hypnos::Model model_of(const HeldNetwork& held) {
  if (!held.file) {
    hypnos::Model model = hypnos::make_model(held.trained.network);
    return model;
  }
  hypnos::Model model = *held.file;
  model.network = held.trained.network;
  write_recipe(model, held.trained.recipe);
  return model;
}

template <typename Shape>
nb::ndarray<nb::numpy, const float> view(const std::vector<float>& values, const Shape& shape,
                                         nb::handle owner) {
  return nb::ndarray<nb::numpy, const float>(values.data(), shape.size(), shape.begin(), owner);
}

nb::list weights_of(const nb::object& self) {
  nb::list list;
  for (const auto& layer : nb::cast<const HeldNetwork&>(self).trained.network.layers) {
    list.append(view(layer.weights, std::array{layer.outputs, layer.inputs}, self));
  }
  return list;
}

nb::list biases_of(const nb::object& self) {
  nb::list list;
  for (const auto& layer : nb::cast<const HeldNetwork&>(self).trained.network.layers) {
    if (layer.biases.empty()) {
      list.append(nb::none());
    } else {
      list.append(view(layer.biases, std::array{layer.outputs}, self));
    }
  }
  return list;
}

nb::object predict(const HeldNetwork& held, const Data& data, unsigned threads) {
  hypnos::Prediction found;
  run_watched(nb::none(), threads, [&](const hypnos::Execution& execution) {
    found = hypnos::predict(held.trained.network, data.dataset, execution);
  });
  const std::size_t samples = data.dataset.size();
  return owned(std::move(found.outputs), {samples, held.trained.network.classes()});
}

nb::dict measure(const HeldNetwork& held, const Data& data, const std::string& distortion,
                 std::uint64_t seed, unsigned threads) {
  hypnos::Metrics metrics;
  run_watched(nb::none(), threads, [&](const hypnos::Execution& execution) {
    const hypnos::Network& network = held.trained.network;
    const auto look = [&](const hypnos::Dataset& seen) {
      metrics = hypnos::stages::measure(network, seen, execution).metrics;
    };
    if (distortion.empty()) return look(data.dataset);
    look(distort(network, data.dataset, one_distortion(distortion), seed, execution));
  });
  return described(std::move(metrics));
}

nb::dict explain(const HeldNetwork& held, const Data& data, unsigned threads) {
  hypnos::Prospect found;
  run_watched(nb::none(), threads, [&](const hypnos::Execution& execution) {
    const hypnos::stages::Measured measured =
        hypnos::stages::measure_with_responses(held.trained.network, data.dataset, execution);
    found = hypnos::prospect_of(measured.metrics, measured.responses);
  });
  const hypnos::ProspectWords words = hypnos::words_of(found.standing);
  nb::dict result;
  result["standing"] = std::string(hypnos::name_of(found.standing));
  result["text"] = fmt::format("The network is {}. {}", words.where, words.sleep);
  result["samples"] = found.samples;
  result["accuracy"] = found.accuracy;
  result["chance"] = found.chance;
  result["commonest"] = found.commonest;
  result["answered"] = found.answered;
  result["classes"] = found.classes;
  result["class_correlations"] = found.alike;
  result["visible_gain"] = found.visible_gain;
  return result;
}

}  // namespace

void bind_network(nb::module_& module) {
  nb::class_<HeldNetwork>(module, "Network")
      .def_prop_ro("weights", &weights_of)
      .def_prop_ro("biases", &biases_of)
      .def_prop_ro(
          "output",
          [](const HeldNetwork& held) { return std::string(name_of(held.trained.network.output)); })
      .def_prop_ro("dropout", [](const HeldNetwork& held) { return held.trained.network.dropout; })
      .def_prop_ro("dropout_form",
                   [](const HeldNetwork& held) {
                     return std::string(name_of(held.trained.network.dropout_form));
                   })
      .def_prop_ro("classes",
                   [](const HeldNetwork& held) { return held.trained.network.classes(); })
      .def_prop_ro("from_file", [](const HeldNetwork& held) { return held.file.has_value(); });
  module.def("make_network", &make, "weights"_a, "biases"_a, "output"_a, "dropout"_a,
             "dropout_form"_a);
  module.def("load_network", &load, "path"_a, "layers"_a, "batch_norm"_a.none(),
             "without_effect"_a);
  module.def(
      "save_network",
      [](const HeldNetwork& held, const std::string& path) {
        hypnos::write_model(path, model_of(held));
      },
      "network"_a, "path"_a);
  module.def("predict", &predict, "network"_a, "data"_a, "threads"_a);
  module.def("explain", &explain, "network"_a, "data"_a, "threads"_a);
  module.def("measure", &measure, "network"_a, "data"_a, "distortion"_a, "seed"_a, "threads"_a);
}

}  // namespace sleepreplay
