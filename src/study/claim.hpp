#pragma once

// Who does what, among threads and processes: locks of the operating system, which are gone with
// the process that held them, however it ended.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace hypnos {

/// The right to do one piece of work, held while the object lives.
class Claim {
 public:
  /// Nothing while somebody else has it.
  /// @param lock_file made if it is not there; empty, shared by all claims
  /// @param id of the work: hexadecimal, at least 15 digits
  /// @throws SystemError when the file cannot be locked.
  static std::optional<Claim> take(const std::filesystem::path& lock_file, const std::string& id);

  /// Waits until nobody else has it; asks `go_on` now and then.
  /// @throws Stopped when that says no.
  static Claim wait(const std::filesystem::path& lock_file, const std::string& id,
                    const std::function<bool()>& go_on = {});

  Claim(Claim&& other) noexcept;
  Claim& operator=(Claim&&) = delete;
  ~Claim();

 private:
  explicit Claim(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace hypnos
