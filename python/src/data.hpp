#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/checksum.hpp"
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

/// SHA-256 of values.
template <typename Values>
std::string checksum(const Values& values) {
  return hypnos::sha256(
      {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(*values.data())});
}

/// All that samples are, in a text: equal where they are.
std::string content_of(const hypnos::Dataset& data);

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
