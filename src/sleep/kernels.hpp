#pragma once

// The inner loops of the sleep, in the widest vector instructions that the machine has (Google
// Highway chooses them at run time). The operations and their order are the same for every width,
// and there is no fused multiply-add: results have the same bits on every machine.

#include <cstddef>
#include <cstdint>
#include <span>

#include "hypnos/sleep_parameters.hpp"

namespace hypnos::kernels {

/// Arrays over units are padded to a multiple of this, and synapse columns by as much again, which
/// idle lanes may write to.
inline constexpr std::size_t padding = 16;

inline std::size_t padded(std::size_t units) {
  return (units + padding - 1) / padding * padding;
}

/// sum[i] = columns[0][i] + columns[1][i] + ..., added in this order; 0 without columns.
/// @param units a padded number
void add_columns(std::span<const float* const> columns, std::size_t units, float* sum);

struct Integration {
  float decay;
  std::uint64_t idle_steps;  ///< steps without input before this one: only decay
  float gain;
  float inhibition;      ///< subtracted from the input of each unit
  float threshold;       ///< positive
  const float* current;  ///< [units] added last; or null
};

/// One step of the membrane potentials:
///   v = decay^(idle_steps + 1) * v + (gain * input - inhibition) + current
/// with one rounding per decay. Units at or above threshold are reset to 0 and listed in `fired`.
/// @param units a number that is not padded; all arrays are padded
/// @return how many fired
std::size_t integrate(const Integration& step, std::size_t units, float* membrane,
                      const float* input, std::uint32_t* fired);

/// column[u] += amount * phi(column[u]) for each u of `units`, which are all different.
/// @param units `padding` more words behind its end can be read
/// @param idle index of the padding at the column's end
void change_synapses(Rule rule, float* column, std::span<const std::uint32_t> units, float amount,
                     std::uint32_t idle);

/// Makes the same change for a log of units, one after the other. Units recur in it; each synapse
/// sees its changes in the order of the log.
/// @param previous for each entry: 1 + the position in the log at which its unit stands before, or
///   0 if it stands nowhere before
/// @param first the position of units[0] in the log
void replay_changes(Rule rule, float* column, std::span<const std::uint32_t> units,
                    std::span<const std::uint32_t> previous, std::uint32_t first, float amount,
                    std::uint32_t idle);

struct Plasticity {
  Rule rule;
  float increment;
  float decrement;
  float frozen;  ///< neither changes a weight from here on (see frozen_from())
};

/// How often each unit has spiked at three moments, modulo 256.
struct Counts {
  const std::uint8_t* before;
  const std::uint8_t* then;
  const std::uint8_t* now;
};

/// For each unit u: column[u] += increment * phi(column[u]), then[u] - before[u] times (once or not
/// at all), and after that column[u] -= decrement * phi(column[u]), now[u] - then[u] times. This is
/// what change_synapses and replay_changes do, where most units spike between two readings.
/// @param units a padded number
void repeat_changes(const Plasticity& plasticity, float* column, std::size_t units,
                    const Counts& counts);

/// Transposes [rows x columns] (row-major, `from`) into `to`, whose rows are `stride` apart.
void transpose(const float* from, std::size_t rows, std::size_t columns, std::size_t from_stride,
               float* to, std::size_t to_stride);

}  // namespace hypnos::kernels
