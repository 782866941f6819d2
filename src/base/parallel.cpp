#include "base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace hypnos {

void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t index, std::size_t worker)>& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failing;
  const auto run = [&](std::size_t worker) {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i, worker);
    } catch (...) {
      next = count;
      const std::scoped_lock lock(failing);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> workers;
    const std::size_t used = std::min<std::size_t>(std::max(threads, 1U), count);
    for (std::size_t w = 1; w < used; ++w) workers.emplace_back(run, w);
    run(0);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace hypnos
