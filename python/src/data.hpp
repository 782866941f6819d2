#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "hypnos/dataset.hpp"

namespace sleepreplay {

using Images =
    nanobind::ndarray<const float, nanobind::ndim<2>, nanobind::c_contig, nanobind::device::cpu>;

/// Samples that lie in an array of Python's.
struct Data {
  Images images;  // keeps the array
  hypnos::Dataset dataset;
};

void bind_data(nanobind::module_& module);

/// An array of NumPy's that owns the values.
template <typename Value>
nanobind::object owned(std::vector<Value> values, std::initializer_list<std::size_t> shape) {
  auto kept = std::make_unique<std::vector<Value>>(std::move(values));
  Value* data = kept->data();
  nanobind::capsule owner(kept.release(), [](void* p) noexcept {
    delete static_cast<std::vector<Value>*>(p);  // NOLINT(cppcoreguidelines-owning-memory)
  });
  return nanobind::cast(nanobind::ndarray<nanobind::numpy, Value>(data, shape, std::move(owner)));
}

}  // namespace sleepreplay
