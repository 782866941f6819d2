#include "cli/interrupt.hpp"

#include <csignal>

namespace hypnos::cli {
namespace {

// A signal handler can reach nothing but such a variable.
volatile std::sig_atomic_t received =
    0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void remember(int signal) {
  received = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

CatchInterrupts::CatchInterrupts() {
  std::signal(SIGINT, remember);
  std::signal(SIGTERM, remember);
}

CatchInterrupts::~CatchInterrupts() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

int interrupted() {
  return received;
}

}  // namespace hypnos::cli
