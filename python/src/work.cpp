#include "work.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace nb = nanobind;

namespace sleepreplay {
namespace {

// What the thread that works and the one that waits say to each other.
class Talk {
 public:
  bool tell(double part, std::string_view note) {
    const std::scoped_lock lock(mutex_);
    part_ = part;
    note_ = note;
    news_ = true;
    return !stop_;
  }

  void end(std::exception_ptr error) {
    {
      const std::scoped_lock lock(mutex_);
      error_ = std::move(error);
      ended_ = true;
    }
    changed_.notify_one();
  }

  void stop() {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }

  /// Waits for the end of the work, but not for long.
  bool wait() {
    constexpr std::chrono::milliseconds time{10};
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return ended_; });
  }

  struct News {
    double part;
    std::string note;
  };
  std::optional<News> news() {
    const std::scoped_lock lock(mutex_);
    if (!news_) return std::nullopt;
    news_ = false;
    return News{.part = part_, .note = note_};
  }

  std::exception_ptr error() {
    const std::scoped_lock lock(mutex_);
    return error_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  double part_ = 0;
  std::string note_;
  bool news_ = false;
  bool stop_ = false;
  bool ended_ = false;
  std::exception_ptr error_;
};

// Python cannot end while a thread of ours waits for its lock: at its end all work is stopped.
std::atomic<bool> python_ends = false;
std::atomic<int> works_under_way = 0;

class UnderWay {
 public:
  UnderWay() { ++works_under_way; }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  ~UnderWay() { --works_under_way; }
};

void stop_all() {
  constexpr std::chrono::milliseconds look_every{5};
  constexpr int most = 2000;
  python_ends = true;
  const nb::gil_scoped_release release;
  for (int i = 0; i < most && works_under_way > 0; ++i) std::this_thread::sleep_for(look_every);
}

// Looks for Ctrl-C and tells the listener the news. @throws nb::python_error
void look(Talk& talk, const nb::object& listener) {
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
  if (python_ends) talk.stop();
  const auto news = talk.news();
  if (!news || listener.is_none()) return;
  const nb::object answer = listener(news->part, nb::str(news->note.c_str(), news->note.size()));
  if (answer.is(nb::bool_(false))) talk.stop();
}

}  // namespace

void stop_work_when_python_ends() {
  nb::module_::import_("atexit").attr("register")(nb::cpp_function(stop_all));
}

void run_watched(const nb::object& listener, unsigned threads,
                 const std::function<void(const hypnos::Execution&)>& work) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  const UnderWay under_way;
  Talk talk;
  std::thread worker([&] {
    std::exception_ptr error;
    try {
      work({.threads = threads,
            .progress = hypnos::Progress(
                [&](double part, std::string_view note) { return talk.tell(part, note); })});
    } catch (...) {
      error = std::current_exception();
    }
    talk.end(std::move(error));
  });
  std::exception_ptr raised;
  bool ended = false;
  while (!ended) {
    {
      const nb::gil_scoped_release release;
      ended = talk.wait();
    }
    if (raised) continue;
    try {
      look(talk, listener);
    } catch (...) {
      raised = std::current_exception();
      talk.stop();
    }
  }
  {
    const nb::gil_scoped_release release;
    worker.join();
  }
  if (raised) std::rethrow_exception(raised);
  if (talk.error()) std::rethrow_exception(talk.error());
}

}  // namespace sleepreplay
