#include "base/thread_team.hpp"

#include <hwy/cache_control.h>

#include <algorithm>
#include <cassert>

#include "base/denormals_kept.hpp"

namespace hypnos {
namespace {

// About 50 microseconds: longer than the shares of one piece of work differ, and short enough not
// to take the core from others.
constexpr int short_wait = 2000;

// Waits until `value` is no longer `old`; what happened before it changed is visible then.
void wait_while(const std::atomic<std::uint32_t>& value, std::uint32_t old, int spins) {
  for (int i = 0; i < spins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    hwy::Pause();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

Share::Range Share::of(std::size_t size, std::size_t unit) const {
  assert(index < count && unit > 0);
  const std::size_t units = (size + unit - 1) / unit;
  return {std::min(size, units * index / count * unit),
          std::min(size, units * (index + 1) / count * unit)};
}

// With more threads than cores, whoever spins keeps the others from their work.
ThreadTeam::ThreadTeam(unsigned threads)
    : spins_(threads <= std::thread::hardware_concurrency() ? short_wait : 0) {
  assert(threads > 0);
  workers_.reserve(threads - 1);
  try {
    for (unsigned index = 1; index < threads; ++index) {
      workers_.emplace_back(&ThreadTeam::serve, this, index, threads);
    }
  } catch (...) {
    stop();
    throw;
  }
}

ThreadTeam::~ThreadTeam() {
  stop();
}

void ThreadTeam::stop() {
  task_ = {};
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void ThreadTeam::serve(std::size_t index, std::size_t count) {
  const DenormalsKept denormals;
  for (std::uint32_t round = 0;; ++round) {
    wait_while(round_, round, spins_);
    if (task_.call == nullptr) return;
    task_.call(task_.context, {.index = index, .count = count});
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

void ThreadTeam::run(const Task& task) {
  task_ = task;
  busy_.store(static_cast<std::uint32_t>(workers_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  task.call(task.context, {.index = 0, .count = size()});
  for (std::uint32_t busy = busy_.load(std::memory_order_acquire); busy > 0;
       busy = busy_.load(std::memory_order_acquire)) {
    wait_while(busy_, busy, spins_);
  }
}

}  // namespace hypnos
