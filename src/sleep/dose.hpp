#pragma once

#include "hypnos/network.hpp"

namespace hypnos {

/// The network that went a part of the way from `before` to `after`, weight by weight; 1 is all of
/// it. Both are of the same form.
/// @param way in and out: of the form of both; its weights are replaced
void go_part_of_the_way(const Network& before, const Network& after, double dose, Network& way);

}  // namespace hypnos
