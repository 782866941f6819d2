#include "data/checksum.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "hypnos/error.hpp"

namespace hypnos {

struct Sha256::Context {
  Context() : digest(EVP_MD_CTX_new()) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(digest); }

  static void check(int status) {
    if (status != 1) throw SystemError("SHA-256 is not available in OpenSSL");
  }

  EVP_MD_CTX* digest;
};

Sha256::Sha256() : context_(std::make_shared<Context>()) {
  Context::check(EVP_DigestInit_ex(context_->digest, EVP_sha256(), nullptr));
}

void Sha256::add(std::string_view bytes) {
  Context::check(EVP_DigestUpdate(context_->digest, bytes.data(), bytes.size()));
}

std::string Sha256::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  Context::check(EVP_DigestFinal_ex(context_->digest, digest.data(), &length));
  return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + length, ""));
}

std::string sha256(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.finish();
}

}  // namespace hypnos
