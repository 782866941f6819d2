#include "sleep/missed_spikes.hpp"

#include <algorithm>
#include <limits>

namespace hypnos {

SpikeLog::SpikeLog(std::size_t units, std::size_t room, std::vector<std::uint32_t>& entries,
                   std::vector<std::uint32_t>& previous)
    : units_(units), entries_(entries), previous_(previous), last_(units, 0) {
  entries_.resize(room + kernels::padding, 0);
  previous_.resize(room + kernels::padding, 0);
}

bool SpikeLog::has_room(std::size_t spikes) const {
  return size_ + spikes + kernels::padding <= entries_.size();
}

void SpikeLog::add(std::span<const std::uint32_t> fired) {
  for (const std::uint32_t unit : fired) {
    entries_[size_] = unit;
    previous_[size_] = last_[unit];
    last_[unit] = ++size_;
  }
}

void SpikeLog::clear() {
  std::fill(last_.begin(), last_.end(), 0U);
  size_ = 0;
}

void SpikeLog::catch_up(float* column, std::uint32_t since,
                        const kernels::Plasticity& plasticity) const {
  const std::size_t missed = size_ - since;
  kernels::replay_changes(plasticity.rule, column, std::span(entries_).subspan(since, missed),
                          std::span(previous_).subspan(since, missed), since, -plasticity.decrement,
                          static_cast<std::uint32_t>(units_));
}

SpikeCounts::SpikeCounts(std::size_t units, std::size_t room, std::vector<std::uint8_t>& counts)
    : units_(units), room_(room), counts_(counts) {}

bool SpikeCounts::has_room() const {
  return now_ + 1 < room_ && highest_ < std::numeric_limits<std::uint8_t>::max();
}

void SpikeCounts::add(std::span<const std::uint32_t> fired) {
  if (now_ == 0) {
    counts_.resize(room_ * units_);
    std::fill_n(counts_.begin(), units_, std::uint8_t{0});
  }
  const std::uint8_t* before = counts_.data() + now_ * units_;
  ++now_;
  std::uint8_t* counts = counts_.data() + now_ * units_;
  std::copy_n(before, units_, counts);
  for (const std::uint32_t unit : fired) highest_ = std::max(highest_, ++counts[unit]);
}

void SpikeCounts::clear() {
  now_ = 0;
  highest_ = 0;
}

void SpikeCounts::catch_up(float* column, std::uint32_t since, bool strengthened,
                           const kernels::Plasticity& plasticity) const {
  const std::uint8_t* then = counts_.data() + since * units_;
  const std::uint8_t* before = strengthened ? then - units_ : then;
  kernels::repeat_changes(plasticity, column, units_,
                          {before, then, counts_.data() + now_ * units_});
}

}  // namespace hypnos
