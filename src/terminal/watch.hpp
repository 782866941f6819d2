#pragma once

#include <string>

#include "hypnos/progress.hpp"
#include "terminal/console.hpp"

namespace hypnos {

/// Shows how far long work is by a bar on the terminal, and stops the work at the first Ctrl-C.
class Watch {
 public:
  explicit Watch(std::string label) : bar_(std::move(label)) {}

  /// What the work is to tell. It must not outlive the watch.
  Progress progress();
  /// Makes room for a line of text.
  void clear() { bar_.clear(); }
  Execution with_threads(unsigned threads) { return {.threads = threads, .progress = progress()}; }

 private:
  ProgressBar bar_;
};

/// Stops the work at the first Ctrl-C and shows nothing: for work that is short as a rule.
Progress stop_when_interrupted();

/// How many threads the machine has.
unsigned all_threads();

}  // namespace hypnos
