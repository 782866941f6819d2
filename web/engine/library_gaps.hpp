#pragma once

// What the C++ library of Debian's Emscripten does not have yet. Included before every file.

#include <thread>
#include <type_traits>
#include <utility>

namespace std {

template <class To, class From>
constexpr To bit_cast(const From& from) noexcept {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

// NOLINTNEXTLINE(cppcoreguidelines-special-member-functions): as much of it as is used
class jthread : public thread {
 public:
  using thread::thread;
  jthread(jthread&&) noexcept = default;
  ~jthread() {
    if (joinable()) join();
  }
};

}  // namespace std
