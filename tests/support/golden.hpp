#pragma once

// The golden files: what the authors' released functions computed on small networks.

#include <cstdint>
#include <string>
#include <vector>

#include "hypnos/network.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace hypnos::test {

struct GoldenSleep {
  Network before;
  Network after;
  SleepParameters parameters;
  std::vector<double> gains;
  std::vector<std::uint8_t> input_spikes;                // [steps x inputs]
  std::vector<std::vector<std::uint64_t>> spike_counts;  // [layers + 1][units]
};

struct GoldenScale {
  Network network;
  std::vector<float> inputs;  // [samples x inputs]
  std::vector<double> factors;
};

std::vector<std::string> golden_names(const std::string& kind);
GoldenSleep read_golden_sleep(const std::string& name);
GoldenScale read_golden_scale(const std::string& name);

}  // namespace hypnos::test
