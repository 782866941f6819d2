#include "data/checksum.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "hypnos/error.hpp"

namespace hypnos {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw SystemError("SHA-256 is not available in OpenSSL");
  }
  return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + length, ""));
}

}  // namespace hypnos
