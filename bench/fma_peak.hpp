#pragma once

#include <cstddef>

namespace hypnos::bench {

/// Fused multiply-adds that wait for nothing, in the widest vectors.
/// @return how many multiplications and additions were done
double run_fma_peak(std::size_t rounds);

}  // namespace hypnos::bench
