#include "cli/interrupt.hpp"

#include <csignal>

namespace hypnos::cli {
namespace {

// A signal handler can reach nothing but such a variable.
volatile std::sig_atomic_t received =
    0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

constexpr int caught[] = {SIGINT, SIGTERM, SIGHUP};

extern "C" void remember(int signal) {
  received = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

CatchInterrupts::CatchInterrupts() {
  for (const int signal : caught) std::signal(signal, remember);
}

CatchInterrupts::~CatchInterrupts() {
  for (const int signal : caught) std::signal(signal, SIG_DFL);
}

int interrupted() {
  return received;
}

}  // namespace hypnos::cli
