#pragma once

#include <string>

#include "hypnos/network.hpp"

namespace hypnos {

/// SHA-256 of all that determines the answers of a network. Two networks have the same if they are
/// equal to the last bit. The bytes are, all little-endian: the name of the output ("softmax") and
/// a zero byte; dropout (float32); the name of its form and a zero byte; and for each layer the
/// numbers of outputs, inputs and biases (uint64), its weights and its biases (float32).
std::string digest(const Network& network);

}  // namespace hypnos
