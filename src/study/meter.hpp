#pragma once

#include "study/run_trial.hpp"
#include "study/stopped.hpp"

namespace hypnos {

/// How far a trial is, in units of work (see work_of), over all its stages.
class Meter {
 public:
  Meter(double total, const TrialProgress& progress) : total_(total), progress_(progress) {}

  /// Tells of a stage that takes so much work and is partly done; false: stop.
  bool show(double part, double work) const {
    return !progress_ || progress_((done_ + part * work) / total_);
  }

  /// The same, for train().
  TrainingProgress training(double work) const {
    return [this, work](double part, const EpochReport&) { return show(part, work); };
  }

  /// The stage is done.
  void finish(double work) {
    done_ += work;
    if (!show(0, 0)) throw Stopped();
  }

 private:
  double total_;
  const TrialProgress& progress_;
  double done_ = 0;
};

}  // namespace hypnos
