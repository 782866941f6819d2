#include "data/download.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <exception>
#include <memory>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// More than any file of the named data sets; a server that sends more is not sending them.
constexpr std::size_t max_bytes = std::size_t{256} << 20;

struct Transfer {
  std::string bytes;
  const TransferProgress& progress;
};

std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.bytes.size() + size * count > max_bytes) return 0;
  transfer.bytes.append(data, size * count);
  return size * count;
}

int report(void* user, curl_off_t total, curl_off_t done, curl_off_t /*up_total*/,
           curl_off_t /*up*/) {
  const auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.progress) return 0;
  return transfer.progress(static_cast<double>(done), static_cast<double>(total)) ? 0 : 1;
}

}  // namespace

std::string download(const std::string& url, const TransferProgress& progress) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 curl_easy_cleanup);
  if (!curl) throw SystemError("libcurl cannot start");
  Transfer transfer{.bytes = {}, .progress = progress};
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(curl.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, 15L);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, 1000L);  // bytes per second ...
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, 30L);     // ... for this long: give up
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, report);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &transfer);
  const CURLcode status = curl_easy_perform(curl.get());
  if (status != CURLE_OK) {
    throw SystemError(fmt::format("{}: {}", url, curl_easy_strerror(status)));
  }
  return std::move(transfer.bytes);
}

}  // namespace hypnos
