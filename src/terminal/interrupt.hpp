#pragma once

// Ctrl-C, termination, and a terminal that is closed: the first signal asks the work to stop and to
// keep what it has; the second ends the program at once.

#include <array>

namespace hypnos {

/// While one exists, the first signal is remembered and not obeyed.
class CatchInterrupts {
 public:
  CatchInterrupts();
  CatchInterrupts(const CatchInterrupts&) = delete;
  CatchInterrupts& operator=(const CatchInterrupts&) = delete;
  ~CatchInterrupts();

 private:
  std::array<void (*)(int), 3> before_{};
};

/// The signal that asked to stop, or 0.
int interrupted();

}  // namespace hypnos
