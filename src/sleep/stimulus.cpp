// The input of a sleep (Tadros et al. 2022, released code). At each step there is a patch of the
// mean image m at a random place. Unit j inside it spikes with probability
// min(1, 2 * dt * max_rate * m_j).

#include "hypnos/stimulus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "sleep/kernels.hpp"

namespace hypnos {
namespace {

// There is a spike where a random 32-bit word is below this.
std::uint64_t spike_limit(float mean, const SleepParameters& p) {
  const double probability = 2 * p.time_step * p.max_rate * std::max(0.0, double{mean});
  return static_cast<std::uint64_t>(std::llround(std::min(1.0, probability) * 0x1p32));
}

// Makes a number below `bound` of a random word. The bias is below bound / 2^32.
std::size_t scale_word(std::uint32_t word, std::size_t bound) {
  return static_cast<std::size_t>((std::uint64_t{word} * bound) >> 32);
}

}  // namespace

void check_patch(const SleepParameters& parameters, const ImageShape& shape) {
  const std::size_t side = parameters.patch;
  if (side > shape.rows || side > shape.columns) {
    throw ParameterError("patch", fmt::format("a square of {0} x {0} does not fit into an input of "
                                              "{1} x {2}; patch = 0 takes the whole input",
                                              side, shape.rows, shape.columns));
  }
}

Stimulus noise_patches(std::span<const float> mean, const ImageShape& shape,
                       const SleepParameters& parameters, std::uint64_t seed) {
  assert(!mean.empty() && mean.size() == shape.features());
  check_patch(parameters, shape);
  const std::size_t side = parameters.patch;
  std::vector<std::uint64_t> limits;
  limits.reserve(mean.size());
  for (const float m : mean) limits.push_back(spike_limit(m, parameters));

  const std::size_t height = side == 0 ? shape.rows : side;
  const std::size_t width = (side == 0 ? shape.columns : side) * shape.depth();  // in units
  const std::size_t patch_units = height * width * shape.planes();
  constexpr std::size_t corner_words = 4;
  constexpr std::size_t whole = 64;  // RandomStream::fill is fastest with whole vectors
  std::vector<std::uint32_t> words((corner_words + patch_units + whole - 1) / whole * whole);
  const RandomStream random(seed, Purpose::stimulus);
  return [=](std::uint64_t step, std::vector<std::uint32_t>& active) mutable {
    random.fill(step, words);
    const std::size_t row_units = shape.columns * shape.depth();
    const std::size_t top = scale_word(words[0], shape.rows - height + 1);
    const std::size_t left =
        scale_word(words[1], shape.columns - width / shape.depth() + 1) * shape.depth();
    const std::uint32_t* word = &words[corner_words];
    active.resize(patch_units);
    std::size_t count = 0;
    for (std::size_t plane = 0; plane < shape.planes(); ++plane) {
      for (std::size_t r = 0; r < height; ++r) {
        const std::size_t first = (plane * shape.rows + top + r) * row_units + left;
        for (std::size_t unit = first; unit < first + width; ++unit, ++word) {
          // The unit is written in any case, and kept if it spikes: no branch can be guessed wrong.
          active[count] = static_cast<std::uint32_t>(unit);
          count += *word < limits[unit] ? 1 : 0;
        }
      }
    }
    active.resize(count);
  };
}

Stimulus given_spikes(std::span<const std::uint8_t> spikes, std::size_t inputs) {
  assert(inputs != 0 && spikes.size() % inputs == 0);
  // The units that spike at each step. This list is small, however many steps there are.
  std::vector<std::vector<std::uint32_t>> active_at(spikes.size() / inputs);
  for (std::size_t step = 0; step < active_at.size(); ++step) {
    for (std::size_t unit = 0; unit < inputs; ++unit) {
      if (spikes[step * inputs + unit] != 0) {
        active_at[step].push_back(static_cast<std::uint32_t>(unit));
      }
    }
  }
  return [active_at](std::uint64_t step, std::vector<std::uint32_t>& active) {
    active.clear();
    if (step < active_at.size()) active = active_at[step];
  };
}

}  // namespace hypnos
