#include "terminal/interrupt.hpp"

#include <csignal>
#include <cstddef>

namespace hypnos {
namespace {

// A signal handler can reach nothing but such a variable.
volatile std::sig_atomic_t received =
    0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

constexpr std::array caught = {SIGINT, SIGTERM, SIGHUP};

extern "C" void remember(int signal) {
  received = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

CatchInterrupts::CatchInterrupts() {
  for (std::size_t i = 0; i < caught.size(); ++i) {
    before_.at(i) = std::signal(caught.at(i), remember);
    // Whoever started the program has it ignore the signal: nohup does so with SIGHUP.
    if (before_.at(i) == SIG_IGN) std::signal(caught.at(i), SIG_IGN);
  }
}

CatchInterrupts::~CatchInterrupts() {
  for (std::size_t i = 0; i < caught.size(); ++i) std::signal(caught.at(i), before_.at(i));
}

int interrupted() {
  return received;
}

}  // namespace hypnos
