#include "terminal/watch.hpp"

#include <algorithm>
#include <thread>

#include "terminal/interrupt.hpp"

namespace hypnos {

Progress Watch::progress() {
  return Progress([this](double part, std::string_view note) {
    bar_.show(part, note);
    return interrupted() == 0;
  });
}

Progress stop_when_interrupted() {
  return Progress([](double, std::string_view) { return interrupted() == 0; });
}

unsigned all_threads() {
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace hypnos
