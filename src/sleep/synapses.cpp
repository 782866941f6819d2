#include "sleep/synapses.hpp"

#include <algorithm>
#include <cmath>

#include "sleep/kernels.hpp"
#include "sleep/plasticity.hpp"

namespace hypnos {
namespace {

// From so many spikes of a unit between two readings of a column on, counting them is faster than
// listing them (bench/sleep_bench).
constexpr double worth_counting = 0.5;

// Spikes per unit that are seen before the form is chosen, at first and later.
constexpr double first_choice = 0.5;
constexpr double later_choice = 8;

std::size_t spikes(double per_unit, const Layer& layer) {
  return static_cast<std::size_t>(std::ceil(per_unit * static_cast<double>(layer.outputs)));
}

// The log has room for an eighth as many spikes as there are weights, or for two steps. It then
// takes a quarter of their memory, and that all columns catch up is rare enough to cost nothing.
std::size_t log_room(const Layer& layer) {
  return std::max(layer.weights.size() / 8, 2 * layer.outputs);
}

// Counts take an eighth of the weights' memory.
std::size_t moments(const Layer& layer) {
  return std::max<std::size_t>(layer.inputs / 2, 64);
}

kernels::Plasticity plasticity_of(const SleepParameters& parameters) {
  const auto increment = static_cast<float>(parameters.increment);
  const auto decrement = static_cast<float>(parameters.decrement);
  return {.rule = parameters.rule,
          .increment = increment,
          .decrement = decrement,
          .frozen = frozen_from(parameters.rule, std::max(increment, decrement))};
}

}  // namespace

Synapses::Synapses(Layer& layer, const SleepParameters& parameters, SynapseMemory& memory)
    : layer_(layer),
      plasticity_(plasticity_of(parameters)),
      stride_(kernels::padded(layer.outputs) + kernels::padding),
      columns_(memory.columns),
      sum_(kernels::padded(layer.outputs)),
      log_(kernels::padded(layer.outputs), log_room(layer), memory.log, memory.previous),
      counts_(kernels::padded(layer.outputs), moments(layer), memory.counts),
      cursor_(layer.inputs, 0),
      strengthened_(layer.inputs, 0),
      next_choice_(spikes(first_choice, layer)) {
  if (columns_.size() != layer.inputs * stride_) {
    columns_ = AlignedFloats(layer.inputs * stride_, AlignedFloats::Fill::nothing);
    // The padding is zero and stays zero: behind the units, only idle lanes are ever written.
    for (std::size_t j = 0; j < layer.inputs; ++j) {
      std::fill(column(j) + layer.outputs, column(j) + stride_, 0.0F);
    }
  }
  kernels::transpose(layer.weights.data(), layer.outputs, layer.inputs, layer.inputs,
                     columns_.data(), stride_);
}

const float* Synapses::read(std::span<const std::uint32_t> active) {
  reads_ += active.size();
  reading_.clear();
  for (const std::uint32_t j : active) {
    catch_up(j);
    reading_.push_back(column(j));
  }
  kernels::add_columns(reading_, kernels::padded(layer_.outputs), sum_.data());
  return sum_.data();
}

void Synapses::learn(std::span<const std::uint32_t> fired, std::span<const std::uint32_t> active) {
  if (fired.empty()) return;
  if (spikes_ >= next_choice_) choose_form();
  if (!has_room(fired.size())) catch_up_all();
  spikes_ += fired.size();
  const bool strengthens = plasticity_.increment != 0;
  if (counting_) {
    counts_.add(fired);
    for (const std::uint32_t j : active) strengthened_[j] = static_cast<std::uint8_t>(strengthens);
  } else {
    if (strengthens) {
      for (const std::uint32_t j : active) {
        kernels::change_synapses(plasticity_.rule, column(j), fired, plasticity_.increment,
                                 static_cast<std::uint32_t>(kernels::padded(layer_.outputs)));
      }
    }
    if (plasticity_.decrement == 0) return;
    log_.add(fired);
  }
  // The synapses of the units that spiked were strengthened instead.
  for (const std::uint32_t j : active) cursor_[j] = now();
}

void Synapses::settle() {
  catch_up_all();
  kernels::transpose(columns_.data(), layer_.inputs, layer_.outputs, stride_, layer_.weights.data(),
                     layer_.inputs);
}

bool Synapses::has_room(std::size_t spikes) const {
  return counting_ ? counts_.has_room() : log_.has_room(spikes);
}

void Synapses::catch_up(std::size_t presynaptic) {
  std::uint32_t& cursor = cursor_[presynaptic];
  std::uint8_t& strengthened = strengthened_[presynaptic];
  if (cursor == now() && strengthened == 0) return;
  if (counting_) {
    counts_.catch_up(column(presynaptic), cursor, strengthened != 0, plasticity_);
  } else {
    log_.catch_up(column(presynaptic), cursor, plasticity_);
  }
  strengthened = 0;
  cursor = now();
}

void Synapses::catch_up_all() {
  for (std::size_t j = 0; j < layer_.inputs; ++j) catch_up(j);
  std::fill(cursor_.begin(), cursor_.end(), 0U);
  counting_ ? counts_.clear() : log_.clear();
}

void Synapses::choose_form() {
  const double between_readings = static_cast<double>(spikes_ * layer_.inputs) /
                                  static_cast<double>(std::max<std::size_t>(reads_, 1)) /
                                  static_cast<double>(layer_.outputs);
  const bool counting = plasticity_.decrement != 0 && between_readings > worth_counting;
  if (counting != counting_) {
    catch_up_all();
    counting_ = counting;
  }
  spikes_ = reads_ = 0;
  next_choice_ = spikes(later_choice, layer_);
}

}  // namespace hypnos
