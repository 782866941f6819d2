#include "data/curl_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// libcurl is built with OpenSSL or with GnuTLS; both builds have the same interface.
constexpr const char* library_names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

void* open_library() {
  for (const char* name : library_names) {
    if (void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) return library;
  }
  throw SystemError(
      fmt::format("downloads need libcurl, which is not on this machine ({})", library_names[0]));
}

template <typename Function>
void find(void* library, const char* name, Function& function) {
  // POSIX lets dlsym return functions as objects.
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) {
    throw SystemError(fmt::format("libcurl is too old for downloads: it has no {}", name));
  }
}

CurlLibrary load() {
  void* library = open_library();
  CurlLibrary curl{};
  find(library, "curl_easy_init", curl.easy_init);
  find(library, "curl_easy_setopt", curl.easy_setopt);
  find(library, "curl_easy_getinfo", curl.easy_getinfo);
  find(library, "curl_easy_cleanup", curl.easy_cleanup);
  find(library, "curl_easy_strerror", curl.easy_strerror);
  find(library, "curl_multi_init", curl.multi_init);
  find(library, "curl_multi_add_handle", curl.multi_add_handle);
  find(library, "curl_multi_remove_handle", curl.multi_remove_handle);
  find(library, "curl_multi_perform", curl.multi_perform);
  find(library, "curl_multi_poll", curl.multi_poll);
  find(library, "curl_multi_info_read", curl.multi_info_read);
  find(library, "curl_multi_strerror", curl.multi_strerror);
  find(library, "curl_multi_cleanup", curl.multi_cleanup);
  return curl;
}

}  // namespace

const CurlLibrary& curl_library() {
  static const CurlLibrary curl = load();
  return curl;
}

}  // namespace hypnos
