#pragma once

// libcurl is loaded when something is downloaded. It brings 25 shared libraries, which would slow
// every start of the program down.

#include <curl/curl.h>

namespace hypnos {

/// The functions of libcurl that a download needs.
struct CurlLibrary {
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_multi_strerror) multi_strerror;
  decltype(&curl_multi_cleanup) multi_cleanup;
};

/// Loads libcurl at the first call; it stays loaded.
/// @throws SystemError when it is not on this machine.
const CurlLibrary& curl_library();

}  // namespace hypnos
