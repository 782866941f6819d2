#pragma once

// Ctrl-C and termination: the first asks the work to stop and keep what it has; the second ends
// the program at once.

#include <exception>

namespace hypnos::cli {

/// While one exists, the first signal is remembered and not obeyed.
class CatchInterrupts {
 public:
  CatchInterrupts();
  CatchInterrupts(const CatchInterrupts&) = delete;
  CatchInterrupts& operator=(const CatchInterrupts&) = delete;
  ~CatchInterrupts();
};

/// The signal that asked to stop, or 0.
int interrupted();

/// Thrown when work was stopped and everything worth keeping has been kept.
class Interrupted : public std::exception {};

}  // namespace hypnos::cli
