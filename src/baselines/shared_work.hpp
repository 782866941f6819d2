#pragma once

#include <mutex>

#include "hypnos/progress.hpp"

namespace hypnos {

/// Work that several threads do piece by piece, told as one progress.
class SharedWork {
 public:
  SharedWork(const Progress& progress, double total) : progress_(progress), total_(total) {}

  /// A piece is done.
  /// @throws Stopped when the work was asked to stop
  void done(double piece) {
    double part = 0;
    {
      const std::scoped_lock lock(mutex_);
      done_ += piece;
      part = done_ / total_;
    }
    progress_.tell(part);
  }

 private:
  const Progress& progress_;
  double total_;
  std::mutex mutex_;
  double done_ = 0;
};

}  // namespace hypnos
