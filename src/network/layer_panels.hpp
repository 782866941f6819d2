#pragma once

#include "base/panels.hpp"
#include "hypnos/network.hpp"

namespace hypnos {

/// A layer in the order in which the products read it.
LayerPanels panels_of(const Layer& layer);

/// The way back: writes weights and biases of the panels into the layer, which has their form.
void copy_from_panels(const LayerPanels& panels, Layer& layer);

}  // namespace hypnos
