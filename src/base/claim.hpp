#pragma once

// Threads and processes agree on who does what by locks of the operating system. A lock is gone
// with the process that held it, however that ended.

#include <filesystem>
#include <optional>
#include <string>

#include "hypnos/progress.hpp"

namespace hypnos {

/// The right to do one piece of work, held while the object lives.
class Claim {
 public:
  /// Takes the work, or gives nothing while somebody else has it.
  /// @param lock_file is made if it is not there; it stays empty, and all claims share it
  /// @param id names the work: hexadecimal, at least 15 digits
  /// @throws SystemError when the file cannot be locked.
  static std::optional<Claim> take(const std::filesystem::path& lock_file, const std::string& id);

  /// Waits until nobody else has the work, and tells `progress` of it every 20 ms.
  /// @throws Stopped when the listener asks for it; as take().
  static Claim wait(const std::filesystem::path& lock_file, const std::string& id,
                    const Progress& progress = {});

  Claim(Claim&& other) noexcept;
  Claim& operator=(Claim&&) = delete;
  ~Claim();

 private:
  explicit Claim(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace hypnos
