#include "network/layer_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "hypnos/model_errors.hpp"
#include "network/layer_chains.hpp"
#include "network/name_numbers.hpp"

namespace hypnos {
namespace {

using Layers = std::vector<LinearModule>;

// More than this is no perceptron of anybody's, and the search for chains takes stack for each.
constexpr std::size_t most_layers = 1000;

// Names that differ only by numbers are a group.
std::vector<Link> links_of(const Layers& layers) {
  std::map<std::string, std::vector<std::size_t>> groups;
  std::vector<NumberedName> names;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    names.push_back(split_numbers(layers[i].name));
    groups[names[i].text].push_back(i);
  }
  std::vector<Link> links(layers.size());
  std::size_t group = 0;
  for (auto& [text, members] : groups) {
    std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      if (numbers_less(names[a].numbers, names[b].numbers)) return true;
      return a < b && !numbers_less(names[b].numbers, names[a].numbers);
    });
    for (std::size_t rank = 0; rank < members.size(); ++rank) {
      const auto& shape = layers[members[rank]].weights->shape;
      links[members[rank]] = {
          .inputs = shape[1], .outputs = shape[0], .group = group, .rank = rank};
    }
    ++group;
  }
  return links;
}

std::string list(const Layers& layers, const Chain& order) {
  std::string text;
  for (const std::size_t i : order) {
    text += fmt::format("{}{} [{}]", text.empty() ? "" : ", ", layers[i].weights->name,
                        fmt::join(layers[i].weights->shape, " x "));
  }
  return text;
}

// The layers by the numbers in their names, for messages.
Chain by_name(const Layers& layers, const std::vector<Link>& links) {
  Chain order(layers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(links[a].group, links[a].rank) < std::pair(links[b].group, links[b].rank);
  });
  return order;
}

Chain order_given(const std::filesystem::path& path, const Layers& layers,
                  const std::vector<Link>& links, const std::vector<std::string>& names) {
  Chain order;
  for (const std::string& name : names) {
    const auto found = std::find_if(layers.begin(), layers.end(), [&](const LinearModule& layer) {
      return layer.name == name || layer.weights->name == name;
    });
    const auto index = static_cast<std::size_t>(found - layers.begin());
    if (found == layers.end()) {
      throw FileError(path, fmt::format("has no layer \"{}\"; it has {}", name,
                                        list(layers, by_name(layers, links))));
    }
    if (std::find(order.begin(), order.end(), index) != order.end()) {
      throw FileError(path, fmt::format("the layer \"{}\" is named twice", name));
    }
    order.push_back(index);
  }
  if (order.size() < layers.size()) {
    throw FileError(path, fmt::format("{} of {} layers are named; it has {}", order.size(),
                                      layers.size(), list(layers, by_name(layers, links))));
  }
  if (!is_chain(links, order)) {
    throw FileError(path,
                    "in the order that was given the shapes (outputs x inputs) do not form a "
                    "chain: " +
                        list(layers, order));
  }
  return order;
}

std::vector<const StoredTensor*> weights_of(const Layers& layers) {
  std::vector<const StoredTensor*> weights;
  weights.reserve(layers.size());
  for (const LinearModule& layer : layers) weights.push_back(layer.weights);
  return weights;
}

std::pair<Chain, OrderEvidence> decide(const std::filesystem::path& path, const Layers& layers,
                                       const std::vector<Link>& links) {
  if (layers.size() == 1) return {{0}, OrderEvidence::single};
  const Chains by_shape = find_chains(links, false);
  if (by_shape.none()) {
    throw FileError(path, "the shapes (outputs x inputs) do not form a chain: " +
                              list(layers, by_name(layers, links)));
  }
  if (by_shape.only_one()) return {by_shape.found[0], OrderEvidence::shapes};
  const Chains by_number = find_chains(links, true);
  if (by_number.only_one()) return {by_number.found[0], OrderEvidence::numbers};
  Chain in_file(layers.size());
  std::iota(in_file.begin(), in_file.end(), std::size_t{0});
  const bool speaks = !safetensors::is_in_order_of_package(weights_of(layers));
  if (speaks && is_chain(links, in_file) && (by_number.none() || keeps_ranks(links, in_file))) {
    return {in_file, OrderEvidence::file};
  }
  Chain example = by_name(layers, links);
  if (!by_shape.found.empty()) example = by_shape.found[0];
  if (!by_number.found.empty()) example = by_number.found[0];
  std::vector<std::string> names;
  for (const std::size_t i : example) {
    names.push_back(layers[i].name.empty() ? layers[i].weights->name : layers[i].name);
  }
  throw LayerOrderError(path, names,
                        "its layers can follow each other in several ways, and neither their names "
                        "nor their order in the file say in which: " +
                            list(layers, example));
}

}  // namespace

OrderEvidence order_layers(const std::filesystem::path& path, Layers& layers,
                           const std::vector<std::string>& names) {
  if (layers.size() > most_layers) {
    throw FileError(path,
                    fmt::format("has {} layers; {} are supported", layers.size(), most_layers));
  }
  const std::vector<Link> links = links_of(layers);
  const auto [order, evidence] =
      names.empty() ? decide(path, layers, links)
                    : std::pair(order_given(path, layers, links, names), OrderEvidence::given);
  Layers ordered;
  for (const std::size_t i : order) ordered.push_back(layers[i]);
  layers = std::move(ordered);
  return evidence;
}

}  // namespace hypnos
