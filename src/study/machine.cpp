#include "study/machine.hpp"

#include <sys/utsname.h>

#include <array>
#include <ctime>
#include <fstream>

#include "hypnos/numbers.hpp"

namespace hypnos {

std::string machine() {
  struct utsname system = {};
  std::string name = ::uname(&system) == 0 ? std::string(&system.machine[0]) : "unknown";
  std::ifstream processors("/proc/cpuinfo");
  for (std::string line; std::getline(processors, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) {
      return line.substr(colon + 2) + ", " + name;
    }
  }
  return name;
}

std::string time_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc = {};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text = {};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {text.data(), length};
}

Origin origin_now(const std::string& program) {
  return {.program = program,
          .machine = machine(),
          .finished = time_now(),
          .numbers = numbers_version()};
}

}  // namespace hypnos
