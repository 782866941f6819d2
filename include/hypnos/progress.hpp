#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace hypnos {

/// Thrown by long work that was asked to stop. Work that has something to show for itself throws a
/// class of its own that is derived from this one and carries what was done so far.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped"; }
};

/// Watches long work and can stop it. All long work of the library takes one of these, tells it how
/// far it is, and ends with Stopped when it is asked to. Copies share one listener.
///
///     const Progress progress([](double part, std::string_view note) {
///       draw_bar(part, note);
///       return !user_has_had_enough();
///     });
class Progress {
 public:
  /// Told how much of the work is done, in [0, 1], and what is going on. False asks the work to
  /// stop. Calls come from the threads that do the work, but only one at a time.
  using Listener = std::function<bool(double part, std::string_view note)>;

  /// Nobody watches.
  Progress() = default;
  Progress(Listener listener);  // NOLINT(google-explicit-constructor): a lambda is a Progress

  /// Tells the listener how far the work is.
  /// @throws Stopped when the listener asks for it, and at every later call.
  void tell(double part, std::string_view note = {}) const;

  /// A stretch of this work: what is told of it from 0 to 1 is told on as `begin` to `end`.
  Progress stretch(double begin, double end) const;

  /// Several pieces of work, done at the same time or one after the other. Each has a Progress of
  /// its own; what they tell is told on as the sum of their parts.
  /// @param work how much each piece is, in any unit
  std::vector<Progress> share(std::span<const double> work) const;
  std::vector<Progress> share(std::size_t pieces) const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // null: nobody watches
  double begin_ = 0;
  double end_ = 1;
};

/// How work is done. Nothing in here changes a result.
struct Execution {
  unsigned threads = 1;  ///< at a time
  Progress progress = {};
};

}  // namespace hypnos
