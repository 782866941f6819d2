#pragma once

#include <cstddef>
#include <functional>

namespace hypnos {

/// Does `work` for each index below `count`, on so many threads (this one is one of them), in
/// ascending order as threads become free.
/// @param work told the index, and which of the threads it is on, from 0
/// @throws what `work` throws first, when the work under way has ended.
void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t index, std::size_t worker)>& work);

}  // namespace hypnos
