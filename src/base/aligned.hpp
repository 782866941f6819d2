#pragma once

// Arrays of numbers that begin on a cache line, as vector loads want them.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace hypnos {

class AlignedFloats {
 public:
  AlignedFloats() = default;
  /// Zeros, or for the large ones, whose owner fills them, whatever is there.
  enum class Fill { zeros, nothing };
  explicit AlignedFloats(std::size_t size, Fill fill = Fill::zeros)
      : data_(static_cast<float*>(
            std::aligned_alloc(line, (size * sizeof(float) + line - 1) / line * line))) {
    if (!data_) throw std::bad_alloc();
    size_ = size;
    if (fill == Fill::zeros) std::memset(data_.get(), 0, size * sizeof(float));
  }
  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t line = 64;
  struct Free {
    void operator()(float* p) const { std::free(p); }
  };
  std::unique_ptr<float, Free> data_;
  std::size_t size_ = 0;
};

}  // namespace hypnos
