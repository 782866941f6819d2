#include "data.hpp"

#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <tuple>

#include "choice.hpp"
#include "hypnos/folds.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {
namespace {

using Labels = nb::ndarray<const std::uint32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Shape = std::tuple<std::size_t, std::size_t, std::size_t>;

void check_finite(const Images& images) {
  // Compilers make vector code of this, and not of std::isfinite().
  const float* values = images.data();
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    largest = std::max(largest, std::bit_cast<std::uint32_t>(values[i]) & 0x7FFF'FFFFU);
  }
  constexpr std::uint32_t infinity = 0x7F80'0000U;
  if (largest < infinity) return;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    const std::size_t features = images.shape(1);
    throw hypnos::InputError(fmt::format("X: sample {} has the value {} at feature {}",
                                         i / features, values[i], i % features));
  }
}

Data make(Images images, const Shape& shape, const std::string& layout,
          const std::optional<Labels>& labels, std::size_t classes, std::vector<double> means,
          std::vector<double> deviations) {
  Data data{.images = std::move(images), .dataset = {}};
  check_finite(data.images);
  hypnos::Dataset& dataset = data.dataset;
  dataset.name = "X";
  dataset.shape = {.rows = std::get<0>(shape),
                   .columns = std::get<1>(shape),
                   .channels = std::get<2>(shape),
                   .layout = choice<hypnos::Layout>("layout", layout)};
  dataset.classes = classes;
  dataset.borrowed = {data.images.data(), data.images.size()};
  const std::size_t samples = data.images.shape(0);
  if (labels) {
    dataset.labels.assign(labels->data(), labels->data() + labels->size());
    if (labels->size() != samples) {
      throw hypnos::InputError(
          fmt::format("X has {} samples, but y has {} labels", samples, labels->size()));
    }
    for (std::size_t i = 0; i < samples; ++i) {
      if (dataset.labels[i] < classes) continue;
      throw hypnos::InputError(
          fmt::format("y: sample {} has the label {}; the network tells the "
                      "classes 0 to {} apart",
                      i, dataset.labels[i], classes - 1));
    }
  } else {
    dataset.labels.assign(samples, 0);
  }
  dataset.normalization = {.means = std::move(means), .deviations = std::move(deviations)};
  return data;
}

// The samples of each fold, and those that the fold leaves out.
nb::list folds(const Data& data, std::size_t count, std::uint64_t seed) {
  nb::list list;
  for (auto& fold : hypnos::fold_indices(data.dataset, count, seed)) {
    const std::size_t kept = fold.kept.size();
    const std::size_t left_out = fold.left_out.size();
    list.append(nb::make_tuple(owned(std::move(fold.kept), {kept}),
                               owned(std::move(fold.left_out), {left_out})));
  }
  return list;
}

}  // namespace

std::string content_of(const hypnos::Dataset& data) {
  return checksum(data.borrowed) + checksum(data.labels) +
         fmt::format("{} {} {} {}", data.shape.rows, data.shape.columns, data.shape.channels,
                     name_of(data.shape.layout)) +
         checksum(data.normalization.means) + checksum(data.normalization.deviations);
}

void bind_data(nb::module_& module) {
  nb::class_<Data>(module, "Data")
      .def_prop_ro("samples", [](const Data& data) { return data.dataset.size(); })
      .def_prop_ro("features", [](const Data& data) { return data.images.shape(1); });
  module.def("make_data", &make, "images"_a, "shape"_a, "layout"_a, "labels"_a.none(), "classes"_a,
             "means"_a, "deviations"_a);
  module.def("folds", &folds, "data"_a, "count"_a, "seed"_a);
}

}  // namespace sleepreplay
