#pragma once

#include <cstdint>
#include <vector>

#include "hypnos/json.hpp"

namespace hypnos {

/// The input as a picture: how often each unit fired over the sleep, and which did at four single
/// steps.
class InputPicture {
 public:
  /// @param rows, columns of the picture; a square where they do not hold all inputs
  /// @param spikes how often each input fired during the sleep
  InputPicture(std::size_t rows, std::size_t columns, const std::vector<std::uint64_t>& spikes,
               std::uint64_t steps);

  /// To be called for each spike of the input, in the order of steps.
  void look(std::uint64_t step, std::uint32_t unit);

  Json json() const;

 private:
  // The first step from `from` on in which something fires.
  struct Moment {
    std::uint64_t from = 0;
    std::uint64_t step = 0;
    std::vector<std::uint32_t> units = {};
  };

  std::size_t rows_;
  std::size_t columns_;
  std::vector<double> rates_;
  std::vector<Moment> moments_;
};

}  // namespace hypnos
