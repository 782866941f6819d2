#include "base/memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "hypnos/error.hpp"

namespace hypnos {

void require_memory(double bytes, const std::string& what) {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return;  // not known: the attempt will show
  const double there = static_cast<double>(pages) * static_cast<double>(page);
  if (bytes <= there) return;
  constexpr double giga = 1e9;
  throw InputError(fmt::format("{} would take {:.1f} GB of memory, and this machine has {:.1f} GB",
                               what, bytes / giga, there / giga));
}

}  // namespace hypnos
