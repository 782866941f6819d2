#include "training/linear_algebra.hpp"

#include <cassert>

#include "training/tensors.hpp"

namespace hypnos {
namespace {

// Only read: libtorch knows no read-only memory.
torch::Tensor wrap(std::span<const double> values, std::size_t columns) {
  assert(columns > 0 && values.size() % columns == 0);
  return torch::from_blob(
      const_cast<double*>(values.data()),
      {static_cast<std::int64_t>(values.size() / columns), static_cast<std::int64_t>(columns)},
      torch::kFloat64);
}

std::vector<double> values_of(const torch::Tensor& tensor) {
  const torch::Tensor whole = tensor.contiguous();
  const auto* values = whole.data_ptr<double>();
  return {values, values + whole.numel()};
}

}  // namespace

std::vector<double> product_with_transposed(std::span<const double> a, std::span<const double> b,
                                            std::size_t columns) {
  const torch::NoGradGuard no_gradients;
  return values_of(torch::mm(wrap(a, columns), wrap(b, columns).t()));
}

std::vector<double> product(std::span<const double> a, std::span<const double> b, std::size_t inner,
                            std::size_t columns) {
  const torch::NoGradGuard no_gradients;
  return values_of(torch::mm(wrap(a, inner), wrap(b, columns)));
}

std::vector<double> transposed_product(std::span<const double> a, std::span<const double> b,
                                       std::size_t rows) {
  const torch::NoGradGuard no_gradients;
  return values_of(torch::mm(wrap(a, a.size() / rows).t(), wrap(b, b.size() / rows)));
}

Eigensystem eigensystem(std::span<const double> symmetric, std::size_t n) {
  const torch::NoGradGuard no_gradients;
  const auto [values, vectors] = torch::linalg_eigh(wrap(symmetric, n));
  return {.values = values_of(values), .vectors = values_of(vectors)};
}

}  // namespace hypnos
