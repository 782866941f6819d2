#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <list>
#include <mutex>
#include <thread>

#include "base/claim.hpp"
#include "base/parallel.hpp"
#include "hypnos/study.hpp"
#include "hypnos/training.hpp"
#include "study/machine.hpp"
#include "study/network_cache.hpp"
#include "study/records.hpp"
#include "study/run_trial.hpp"

namespace hypnos {
namespace {

// A trial that is to be done.
struct Task {
  const Trial& trial;
  std::string id;
  double work = 0;
};

class Runner {
 public:
  Runner(const Plan& plan, Database& database, DataSets& data,
         const std::filesystem::path& networks, const RunOptions& options,
         const Execution& execution)
      : database_(database),
        data_(data),
        networks_(networks),
        options_(options),
        progress_(execution.progress),
        lock_file_(database.path().string() + ".lock"),
        under_way_(std::max(execution.threads, 1U), 0.0) {
    const std::set<std::string> done = database.ids();
    const std::set<std::string> failed = database.failed_ids();
    status_.trials = plan.trials.size();
    for (const Trial& trial : plan.trials) {
      std::string id = id_of(trial);
      if (done.contains(id)) {
        ++status_.done;
        status_.failed += failed.count(id);
      } else {
        tasks_.push_back({trial, std::move(id)});
      }
    }
  }

  RunStatus run() {
    try {
      plan_work();
    } catch (const Stopped&) {
      throw RunStopped(status_);
    }
    const std::size_t workers = std::min(under_way_.size(), tasks_.size());
    parallel_for(workers, static_cast<unsigned>(workers),
                 [this](std::size_t, std::size_t worker) { work(worker); });
    if (failure_) std::rethrow_exception(failure_);
    if (status_.done < status_.trials) throw RunStopped(status_);
    return status_;
  }

 private:
  using Clock = std::chrono::steady_clock;

  // Finds out how much there is to do, for which data are loaded.
  void plan_work() {
    const Progress loading = progress_.stretch(0, 0);
    for (Task& task : tasks_) {
      task.work = work_of(task.trial, data_, loading);
      total_work_ += task.work;
    }
  }

  void work(std::size_t worker) {
    try {
      while (!stop_ && do_one(worker)) {
      }
    } catch (const Stopped&) {
      stop_ = true;
    } catch (...) {
      stop_ = true;
      const std::scoped_lock lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
  }

  // Does a trial that nobody else is doing. False when nothing is left to do.
  bool do_one(std::size_t worker) {
    std::unique_lock lock(mutex_);
    for (auto task = tasks_.begin(); task != tasks_.end();) {
      const auto claim = Claim::take(lock_file_, task->id);
      if (!claim) {
        ++task;
        continue;
      }
      const Task mine = *task;
      task = tasks_.erase(task);
      if (database_.has(mine.id)) {
        // Another process has done it in the meantime.
        ++status_.done;
        work_done_ += mine.work;
        continue;
      }
      lock.unlock();
      try {
        do_task(mine, worker);
      } catch (const MemoryError&) {
        // It stays undone, the others are done, and the run ends with this error.
        lock.lock();
        if (!failure_) failure_ = std::current_exception();
      }
      return true;
    }
    if (tasks_.empty()) return false;
    lock.unlock();
    // All that is left is under way in other processes.
    tell();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return true;
  }

  void do_task(const Task& task, std::size_t worker) {
    const Progress progress([&](double part, std::string_view) {
      if (stop_) return false;
      {
        const std::scoped_lock lock(mutex_);
        under_way_[worker] = part * task.work;
        if (Clock::now() - last_told_ < std::chrono::milliseconds(20)) return true;
      }
      tell();
      return true;
    });
    const Outcome outcome = run_trial(task.trial, data_, networks_, progress);
    database_.store(record_of(task.trial), outcome, origin_now(options_.program));
    {
      const std::scoped_lock lock(mutex_);
      under_way_[worker] = 0;
      work_done_ += task.work;
      ++status_.done;
      ++status_.finished;
      status_.failed += outcome.failure.empty() ? 0 : 1;
    }
    tell();
  }

  // Tells how far the whole study is.
  void tell() {
    std::unique_lock lock(mutex_);
    last_told_ = Clock::now();
    double done = work_done_;
    for (const double work : under_way_) done += work;
    const std::string note = fmt::format("{} of {} trials", status_.done, status_.trials);
    lock.unlock();
    progress_.tell(total_work_ > 0 ? done / total_work_ : 1, note);
  }

  Database& database_;
  DataSets& data_;
  NetworkCache networks_;
  const RunOptions& options_;
  const Progress& progress_;
  std::filesystem::path lock_file_;
  double total_work_ = 0;

  std::atomic<bool> stop_ = false;
  std::mutex mutex_;  // guards what follows
  std::list<Task> tasks_;
  std::vector<double> under_way_;  // work done of each worker's trial
  double work_done_ = 0;
  RunStatus status_;
  std::exception_ptr failure_;
  Clock::time_point last_told_{};
};

}  // namespace

RunStatus run_study(const Plan& plan, Database& database, DataSets& data,
                    const std::filesystem::path& networks, const RunOptions& options,
                    const Execution& execution) {
  database.note(record_of(plan));
  return Runner(plan, database, data, networks, options, execution).run();
}

}  // namespace hypnos
