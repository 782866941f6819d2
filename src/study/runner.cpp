#include "study/runner.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <list>
#include <thread>

#include "hypnos/training.hpp"
#include "study/claim.hpp"
#include "study/machine.hpp"
#include "study/run_trial.hpp"
#include "study/stopped.hpp"

namespace hypnos {
namespace {

// A trial that is to be done.
struct Task {
  const Trial& trial;
  std::string id;
  double work;
};

class Runner {
 public:
  Runner(const Plan& plan, Database& database, DataSets& data, const NetworkCache& networks,
         const RunOptions& options)
      : database_(database),
        data_(data),
        networks_(networks),
        options_(options),
        lock_file_(database.path().string() + ".lock"),
        under_way_(std::max(options.jobs, 1U), 0.0) {
    const std::set<std::string> done = database.ids();
    const std::set<std::string> failed = database.failed_ids();
    for (const Trial& trial : plan.trials) {
      ++status_.trials;
      std::string id = id_of(trial);
      if (done.contains(id)) {
        ++status_.done;
        status_.failed += failed.count(id);
        continue;
      }
      tasks_.push_back({trial, std::move(id), work_of(trial, data)});
      total_work_ += tasks_.back().work;
    }
  }

  RunStatus run(const RunProgress& progress) {
    {
      std::vector<std::jthread> workers;
      running_ = std::min(under_way_.size(), tasks_.size());
      for (std::size_t w = 0, count = running_; w < count; ++w) {
        workers.emplace_back([this, w] { work(w); });
      }
      watch(progress);
    }
    if (failure_) std::rethrow_exception(failure_);
    return status();
  }

 private:
  void watch(const RunProgress& progress) {
    std::unique_lock lock(mutex_);
    while (running_ > 0) {
      ended_.wait_for(lock, std::chrono::milliseconds(100));
      const RunStatus now = status();
      lock.unlock();
      if (progress && !progress(now)) stop_ = true;
      lock.lock();
    }
  }

  RunStatus status() const {
    RunStatus now = status_;
    double done = work_done_;
    for (const double work : under_way_) done += work;
    now.part = total_work_ > 0 ? done / total_work_ : 1;
    return now;
  }

  void work(std::size_t worker) {
    try {
      set_threads(1);  // libtorch counts threads for each of ours
      while (!stop_ && do_one(worker)) {
      }
    } catch (const Stopped&) {
      stop_ = true;
    } catch (...) {
      stop_ = true;
      const std::scoped_lock lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    --running_;
    ended_.notify_all();
  }

  // False when nothing is left to do.
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
        // Another process has done it since.
        ++status_.done;
        work_done_ += mine.work;
        continue;
      }
      lock.unlock();
      do_task(mine, worker);
      return true;
    }
    if (tasks_.empty()) return false;
    lock.unlock();
    // All that is left is under way in other processes.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return true;
  }

  void do_task(const Task& task, std::size_t worker) {
    const auto progress = [&](double part) {
      const std::scoped_lock lock(mutex_);
      under_way_[worker] = part * task.work;
      return !stop_;
    };
    const Outcome outcome = run_trial(task.trial, data_, networks_, progress);
    database_.store(task.trial, outcome,
                    {.program = options_.program, .machine = machine(), .finished = time_now()});
    const std::scoped_lock lock(mutex_);
    under_way_[worker] = 0;
    work_done_ += task.work;
    ++status_.done;
    ++status_.finished;
    status_.failed += outcome.failure.empty() ? 0 : 1;
  }

  Database& database_;
  DataSets& data_;
  const NetworkCache& networks_;
  const RunOptions& options_;
  std::filesystem::path lock_file_;
  double total_work_ = 0;

  std::atomic<bool> stop_ = false;
  std::mutex mutex_;  // guards what follows
  std::condition_variable ended_;
  std::list<Task> tasks_;
  std::vector<double> under_way_;  // work done of each worker's trial
  double work_done_ = 0;
  RunStatus status_;
  std::size_t running_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

RunStatus run_study(const Plan& plan, Database& database, DataSets& data,
                    const NetworkCache& networks, const RunOptions& options,
                    const RunProgress& progress) {
  database.note(plan);
  return Runner(plan, database, data, networks, options).run(progress);
}

}  // namespace hypnos
