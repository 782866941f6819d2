#include "base/memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

std::string size_text(double bytes) {
  constexpr double mega = 1e6;
  constexpr double giga = 1e9;
  return bytes < giga ? fmt::format("{:.1f} MB", bytes / mega)
                      : fmt::format("{:.1f} GB", bytes / giga);
}

}  // namespace

void require_memory(double bytes, const std::string& what) {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return;  // not known: the attempt will show
  const double there = static_cast<double>(pages) * static_cast<double>(page);
  if (bytes <= there) return;
  throw MemoryError(fmt::format("{} would take {} of memory, and this machine has {}", what,
                                size_text(bytes), size_text(there)));
}

}  // namespace hypnos
