#include "base/random.hpp"

#include <Random123/philox.h>

#include <cassert>
#include <utility>

namespace hypnos {

RandomStream::Block RandomStream::block(std::uint64_t position, std::uint32_t block) const {
  using Philox = r123::Philox4x32;
  const Philox::ctr_type counter = {{block, static_cast<std::uint32_t>(position),
                                     static_cast<std::uint32_t>(position >> 32),
                                     static_cast<std::uint32_t>(purpose_)}};
  const Philox::key_type key = {
      {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)}};
  const auto words = Philox()(counter, key);
  return {words[0], words[1], words[2], words[3]};
}

std::uint32_t RandomSequence::next() {
  if (used_ == block_.size()) {
    block_ = stream_.block(position_, next_block_++);
    used_ = 0;
  }
  return block_[used_++];
}

std::uint32_t RandomSequence::below(std::uint32_t bound) {
  assert(bound > 0);
  // Lemire 2019: multiply, and reject the few low words that would favor some results.
  const std::uint32_t reject_below = (0U - bound) % bound;
  while (true) {
    const std::uint64_t product = std::uint64_t{next()} * bound;
    if (static_cast<std::uint32_t>(product) >= reject_below) {
      return static_cast<std::uint32_t>(product >> 32);
    }
  }
}

void shuffle(std::span<std::uint32_t> items, RandomSequence& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[random.below(static_cast<std::uint32_t>(i))]);
  }
}

}  // namespace hypnos
