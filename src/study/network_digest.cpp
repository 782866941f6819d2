#include "study/network_digest.hpp"

#include <bit>
#include <cstdint>
#include <span>

#include "data/checksum.hpp"
#include "hypnos/names.hpp"

namespace hypnos {
namespace {

static_assert(std::endian::native == std::endian::little);

template <typename Value>
std::string_view bytes_of(std::span<const Value> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

std::string digest(const Network& network) {
  Sha256 sum;
  constexpr std::string_view end("\0", 1);
  sum.add(name_of(network.output));
  sum.add(end);
  sum.add(bytes_of(std::span(&network.dropout, 1)));
  sum.add(name_of(network.dropout_form));
  sum.add(end);
  for (const Layer& layer : network.layers) {
    const std::uint64_t shape[] = {layer.outputs, layer.inputs, layer.biases.size()};
    sum.add(bytes_of(std::span<const std::uint64_t>(shape)));
    sum.add(bytes_of(std::span(layer.weights)));
    sum.add(bytes_of(std::span(layer.biases)));
  }
  return sum.finish();
}

}  // namespace hypnos
