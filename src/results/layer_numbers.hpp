#pragma once

// The numbers of one layer of one trial's sleep, under the names that tables and CSV give them.

#include <string>
#include <vector>

#include "hypnos/database.hpp"

namespace hypnos {

/// What sleep did to one layer.
struct LayerView {
  double synapses;  ///< into the layer
  const LayerWeights& weights;
  const LayerResponses* responses;  ///< nullptr: nobody has looked at them
};

/// The layers of a trial, which must outlive them. A trial that has not slept has none.
std::vector<LayerView> layers_of(const StoredTrial& trial);

/// A number of a layer.
struct LayerNumber {
  std::string name;  ///< in CSV
  std::string head;  ///< in tables; empty: tables do not have it
  double value = 0;  ///< NaN: nobody has looked
};

/// All numbers of a layer. Every layer has the same ones, in the same order.
std::vector<LayerNumber> numbers_of(const LayerView& layer);

}  // namespace hypnos
