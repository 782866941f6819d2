#pragma once

#include <string>

#include "hypnos/json.hpp"

namespace hypnos {

/// Compares JSON with a shape, which is JSON too:
///   "text", "number", "truth", "object", "any"   a value of that type
///   "number?"                                    a number or null
///   [S]                                          an array of any length of values of the shape S
///   {"a": S, "b?": T, ...}                       an object with a value "a", and maybe "b"
///   {"*": S}                                     an object with values of the shape S
/// Further members of objects are let through.
/// @return what is wrong, and where: "studies[0].name: is not text"; empty: nothing
std::string difference_from_shape(const Json& value, const Json& shape);

}  // namespace hypnos
