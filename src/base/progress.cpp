#include "hypnos/progress.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <utility>

namespace hypnos {

struct Progress::State {
  std::mutex mutex;
  Listener listener;
  double furthest = 0;
  bool stopped = false;
};

Progress::Progress(Listener listener) : state_(std::make_shared<State>()) {
  state_->listener = std::move(listener);
}

void Progress::tell(double part, std::string_view note) const {
  if (!state_) return;
  const std::scoped_lock lock(state_->mutex);
  if (!state_->stopped) {
    // Of two threads that work out a part, the one that was faster may come later.
    state_->furthest = std::max(state_->furthest, begin_ + (end_ - begin_) * part);
    state_->stopped = !state_->listener(state_->furthest, note);
  }
  if (state_->stopped) throw Stopped();
}

Progress Progress::stretch(double begin, double end) const {
  Progress part = *this;
  part.begin_ = begin_ + (end_ - begin_) * begin;
  part.end_ = begin_ + (end_ - begin_) * end;
  return part;
}

std::vector<Progress> Progress::share(std::span<const double> work) const {
  std::vector<Progress> pieces(work.size());
  if (!state_) return pieces;
  // What each piece has done. A piece's own listener is called under the lock of its own state, so
  // that the sum needs a lock too.
  struct Sum {
    std::mutex mutex;
    std::vector<double> done;
  };
  const auto sum = std::make_shared<Sum>();
  sum->done.assign(work.size(), 0);
  const double all = std::accumulate(work.begin(), work.end(), 0.0);
  for (std::size_t i = 0; i < work.size(); ++i) {
    const double share = all > 0 ? work[i] / all : 0;
    pieces[i] = Progress([whole = *this, sum, share, i](double part, std::string_view note) {
      double done = 0;
      {
        const std::scoped_lock lock(sum->mutex);
        sum->done[i] = share * part;
        done = std::accumulate(sum->done.begin(), sum->done.end(), 0.0);
      }
      whole.tell(done, note);
      return true;
    });
  }
  return pieces;
}

std::vector<Progress> Progress::share(std::size_t pieces) const {
  return share(std::vector<double>(pieces, 1.0));
}

}  // namespace hypnos
