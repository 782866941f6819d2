#include "sleep/synapses.hpp"

#include <algorithm>

#include "sleep/kernels.hpp"

namespace hypnos {

Synapses::Synapses(Layer& layer, const SleepParameters& parameters, SynapseMemory& memory)
    : layer_(layer),
      rule_(parameters.rule),
      increment_(static_cast<float>(parameters.increment)),
      decrement_(static_cast<float>(parameters.decrement)),
      stride_(kernels::padded(layer.outputs) + kernels::padding),
      idle_(static_cast<std::uint32_t>(kernels::padded(layer.outputs))),
      columns_(memory.columns),
      sum_(kernels::padded(layer.outputs)),
      log_(memory.log),
      previous_(memory.previous),
      last_(layer.outputs, 0),
      cursor_(layer.inputs, 0) {
  if (columns_.size() != layer.inputs * stride_) {
    columns_ = AlignedFloats(layer.inputs * stride_, AlignedFloats::Fill::nothing);
    // The padding is zero and stays zero: behind the units, only idle lanes are ever written.
    for (std::size_t j = 0; j < layer.inputs; ++j) {
      std::fill(column(j) + layer.outputs, column(j) + stride_, 0.0F);
    }
  }
  kernels::transpose(layer.weights.data(), layer.outputs, layer.inputs, layer.inputs,
                     columns_.data(), stride_);
  // All columns catch up when the log has an eighth as many entries as there are weights. The log
  // then takes a quarter of their memory, and catching up is rare enough to cost nothing.
  const std::size_t entries =
      std::max<std::size_t>(layer.weights.size() / 8, 4 * layer.outputs) + kernels::padding;
  log_.resize(entries, 0);
  previous_.resize(entries, 0);
}

const float* Synapses::read(std::span<const std::uint32_t> active) {
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
  if (increment_ != 0) {
    for (const std::uint32_t j : active) {
      kernels::change_synapses(rule_, column(j), fired, increment_, idle_);
    }
  }
  if (decrement_ == 0) return;
  if (log_size_ + fired.size() + kernels::padding > log_.size()) catch_up_all();
  for (const std::uint32_t unit : fired) {
    log_[log_size_] = unit;
    previous_[log_size_] = last_[unit];
    last_[unit] = ++log_size_;
  }
  // The synapses of the units that spiked were strengthened instead.
  for (const std::uint32_t j : active) cursor_[j] = log_size_;
}

void Synapses::settle() {
  catch_up_all();
  kernels::transpose(columns_.data(), layer_.inputs, layer_.outputs, stride_, layer_.weights.data(),
                     layer_.inputs);
}

void Synapses::catch_up(std::size_t presynaptic) {
  const std::uint32_t seen = cursor_[presynaptic];
  if (seen == log_size_) return;
  const std::size_t missed = log_size_ - seen;
  kernels::replay_changes(rule_, column(presynaptic), std::span(log_).subspan(seen, missed),
                          std::span(previous_).subspan(seen, missed), seen, -decrement_, idle_);
  cursor_[presynaptic] = log_size_;
}

void Synapses::catch_up_all() {
  for (std::size_t j = 0; j < layer_.inputs; ++j) catch_up(j);
  std::fill(cursor_.begin(), cursor_.end(), 0U);
  std::fill(last_.begin(), last_.end(), 0U);
  log_size_ = 0;
}

}  // namespace hypnos
