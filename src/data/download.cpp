#include "data/download.hpp"

#include <fmt/format.h>

#include <memory>

#include "data/curl_library.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// Of the whole transfer. A server that sends its bytes one by one is not waited for. 20 minutes.
constexpr long longest_seconds = 1200L;

// How long the program sleeps at most before it looks again whether it was asked to stop.
constexpr int poll_ms = 50;

// What has come, and how much may come.
struct Received {
  std::string bytes;
  std::size_t most;
};

std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
  auto& received = *static_cast<Received*>(user);
  if (size * count > received.most - received.bytes.size()) return 0;
  received.bytes.append(data, size * count);
  return size * count;
}

// One transfer under way, cleaned up on every way out.
class Transfer {
 public:
  Transfer(const std::string& url, std::size_t most) : url_(url), received_{{}, most} {
    if (!easy_ || !multi_) throw SystemError("libcurl cannot start");
    set(CURLOPT_URL, url_.c_str());
    // Nobody between here and the server may read or change what comes, nor send us elsewhere.
    set(CURLOPT_PROTOCOLS_STR, "https,file");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, 5L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, 15L);
    set(CURLOPT_TIMEOUT, longest_seconds);
    set(CURLOPT_LOW_SPEED_LIMIT, 1000L);  // bytes per second ...
    set(CURLOPT_LOW_SPEED_TIME, 30L);     // ... for so many seconds: give up
    set(CURLOPT_WRITEFUNCTION, receive);
    set(CURLOPT_WRITEDATA, &received_);
#if LIBCURL_VERSION_NUM >= 0x075700
    // A stop does not wait for the answer of a name server. Older libraries refuse the option.
    curl_.easy_setopt(easy_.get(), CURLOPT_QUICK_EXIT, 1L);
#endif
    check(curl_.multi_add_handle(multi_.get(), easy_.get()));
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() { curl_.multi_remove_handle(multi_.get(), easy_.get()); }

  std::string run(const Progress& progress) {
    int running = 1;
    while (running > 0) {
      check(curl_.multi_perform(multi_.get(), &running));
      progress.tell(part_done());
      if (running > 0) check(curl_.multi_poll(multi_.get(), nullptr, 0, poll_ms, nullptr));
    }
    int left = 0;
    const CURLMsg* end = curl_.multi_info_read(multi_.get(), &left);
    if (end == nullptr || end->data.result != CURLE_OK) {
      fail(end == nullptr ? "no answer" : curl_.easy_strerror(end->data.result));
    }
    return std::move(received_.bytes);
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    if (curl_.easy_setopt(easy_.get(), option, value) != CURLE_OK) {
      throw SystemError("libcurl is too old for downloads: it does not take all options");
    }
  }

  double part_done() const {
    curl_off_t total = 0;
    curl_.easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &total);
    return total > 0 ? static_cast<double>(received_.bytes.size()) / static_cast<double>(total) : 0;
  }

  void check(CURLMcode status) const {
    if (status != CURLM_OK) fail(curl_.multi_strerror(status));
  }
  [[noreturn]] void fail(const char* why) const {
    throw SystemError(fmt::format("{}: {}", url_, why));
  }

  const CurlLibrary& curl_ = curl_library();
  std::string url_;
  Received received_;
  std::unique_ptr<CURL, decltype(CurlLibrary::easy_cleanup)> easy_{curl_.easy_init(),
                                                                   curl_.easy_cleanup};
  std::unique_ptr<CURLM, decltype(CurlLibrary::multi_cleanup)> multi_{curl_.multi_init(),
                                                                      curl_.multi_cleanup};
};

}  // namespace

std::string download(const std::string& url, std::size_t most, const Progress& progress) {
  return Transfer(url, most).run(progress);
}

}  // namespace hypnos
