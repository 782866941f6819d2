#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace hypnos {

/// The part of some work that one of several threads does.
struct Share {
  std::size_t index = 0;  ///< below `count`
  std::size_t count = 1;

  struct Range {
    std::size_t begin, end;
  };
  /// This share of [0, size). All shares together are the whole, and but for its end each is a
  /// multiple of `unit`.
  Range of(std::size_t size, std::size_t unit = 1) const;
};

/// Threads that do many short pieces of work together, one after the other. Between two pieces
/// they spin for a moment before they sleep.
class ThreadTeam {
 public:
  /// @param threads at least 1; the caller of run() is one of them
  explicit ThreadTeam(unsigned threads);
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;
  ~ThreadTeam();

  std::size_t size() const { return workers_.size() + 1; }

  /// Calls work(Share) once on each thread, and returns when all have done their share.
  /// @param work must not throw
  template <typename Work>
  void run(const Work& work) {
    if (workers_.empty()) {
      work(Share());
    } else {
      run({.call = [](const void* context,
                      Share share) { (*static_cast<const Work*>(context))(share); },
           .context = &work});
    }
  }

 private:
  struct Task {
    void (*call)(const void* context, Share share) = nullptr;
    const void* context = nullptr;
  };
  void run(const Task& task);
  void serve(std::size_t index, std::size_t count);
  void stop();

  int spins_;
  Task task_;  // without a call: end
  alignas(64) std::atomic<std::uint32_t> round_ = 0;
  alignas(64) std::atomic<std::uint32_t> busy_ = 0;
  std::vector<std::thread> workers_;
};

}  // namespace hypnos
