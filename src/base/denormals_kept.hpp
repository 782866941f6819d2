#pragma once

#include <cstdint>

namespace hypnos {

/// While it lives, the processor rounds to nearest and keeps denormal numbers on this thread.
/// Libraries that were built for speed set another mode for the whole program ("flush to zero"),
/// which changes results. The mode of before comes back at the end.
class DenormalsKept {
 public:
  DenormalsKept();
  DenormalsKept(const DenormalsKept&) = delete;
  DenormalsKept& operator=(const DenormalsKept&) = delete;
  ~DenormalsKept();

 private:
  std::uint64_t before_;
};

}  // namespace hypnos
