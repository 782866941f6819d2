#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "hypnos/progress.hpp"

namespace hypnos {

/// The progress of a batch of sleeps during which networks are measured now and then: both heed a
/// stop, and only the sleeps move it forward.
class BatchProgress {
 public:
  /// @param note what the listener is told is going on
  BatchProgress(const Progress& whole, const std::string& note)
      : sleeping_([this, whole, note](double part, std::string_view) {
          part_ = part;
          whole.tell(part, note);
          return true;
        }),
        measuring_([this, whole, note](double, std::string_view) {
          whole.tell(part_, note);
          return true;
        }) {}
  BatchProgress(const BatchProgress&) = delete;
  BatchProgress& operator=(const BatchProgress&) = delete;

  const Progress& sleeping() const { return sleeping_; }
  const Progress& measuring() const { return measuring_; }

 private:
  std::atomic<double> part_ = 0;
  Progress sleeping_;
  Progress measuring_;
};

}  // namespace hypnos
