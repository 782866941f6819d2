#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hypnos {

/// SHA-256 of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  /// In lower-case hexadecimal; nothing can be added then.
  std::string finish();

 private:
  struct Context;
  std::shared_ptr<Context> context_;
};

/// SHA-256 in lower-case hexadecimal.
std::string sha256(std::string_view bytes);

}  // namespace hypnos
