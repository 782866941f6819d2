#pragma once

// Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, SC11), by way of Random123.
// A draw is a pure function of (seed, purpose, position), so that results do not depend on the
// number of threads and a run can be taken up anywhere.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hypnos {

/// What random numbers are for; streams of different purposes never overlap.
enum class Purpose : std::uint32_t {
  subset = 1,
  weights = 2,
  shuffling = 3,
  dropout = 4,
  stimulus = 5,
  search = 6,
  folds = 7,
  bootstrap = 8,
  augmentation = 9,
  evolution = 10,
  tasks = 11,
  distortion = 12,
  attack = 13,
  verification = 14,
};

/// The random numbers of one seed and purpose.
class RandomStream {
 public:
  using Block = std::array<std::uint32_t, 4>;

  RandomStream(std::uint64_t seed, Purpose purpose) : seed_(seed), purpose_(purpose) {}

  /// Four random 32-bit words: block `block` of the sub-stream `position`.
  Block block(std::uint64_t position, std::uint32_t block) const;

  /// Fills `words` with the sub-stream `position`, from this block on.
  void fill(std::uint64_t position, std::span<std::uint32_t> words,
            std::uint32_t first_block = 0) const;

 private:
  std::uint64_t seed_;
  Purpose purpose_;
};

/// Draws one after the other from a sub-stream of a RandomStream.
class RandomSequence {
 public:
  RandomSequence(std::uint64_t seed, Purpose purpose, std::uint64_t position = 0)
      : stream_(seed, purpose), position_(position) {}

  std::uint32_t next();

  /// Uniform in [0, 1), a multiple of 2^-24: exact in single precision.
  float uniform() { return static_cast<float>(next() >> 8) * 0x1p-24F; }

  /// Uniform over 0 .. bound - 1, without bias. `bound` must be positive.
  std::uint32_t below(std::uint32_t bound);

 private:
  RandomStream stream_;
  std::uint64_t position_;
  std::uint32_t next_block_ = 0;
  RandomStream::Block block_{};
  std::size_t used_ = 4;
};

/// Random permutation of `items` (Fisher and Yates), the same on every platform.
void shuffle(std::span<std::uint32_t> items, RandomSequence& random);

}  // namespace hypnos
