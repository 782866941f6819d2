#include "base/denormals_kept.hpp"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace hypnos {
namespace {

#if defined(__SSE2__)

// MXCSR: denormal inputs are zeros (bit 6), rounding (bits 13 and 14), flush to zero (bit 15).
constexpr std::uint64_t mode_bits = 0xE040;

std::uint64_t control() {
  return _mm_getcsr();
}

void set_control(std::uint64_t value) {
  _mm_setcsr(static_cast<unsigned>(value));
}

#elif defined(__aarch64__)

// FPCR: rounding (bits 22 and 23), flush to zero (bit 24), default NaN (bit 25).
constexpr std::uint64_t mode_bits = 0x3C00000;

std::uint64_t control() {
  std::uint64_t value = 0;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}

void set_control(std::uint64_t value) {
  asm volatile("msr fpcr, %0" : : "r"(value));
}

#else

constexpr std::uint64_t mode_bits = 0;

std::uint64_t control() {
  return 0;
}

void set_control(std::uint64_t) {}

#endif

}  // namespace

DenormalsKept::DenormalsKept() : before_(control()) {
  if ((before_ & mode_bits) != 0) set_control(before_ & ~mode_bits);
}

DenormalsKept::~DenormalsKept() {
  if ((before_ & mode_bits) != 0) set_control((control() & ~mode_bits) | (before_ & mode_bits));
}

}  // namespace hypnos
