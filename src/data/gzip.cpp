#include "data/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

constexpr std::size_t piece = std::size_t{1} << 20;

// Deflate cannot make more than so many bytes of one.
constexpr std::size_t largest_ratio = 1032;

// A stream that is being decompressed. Its memory is given back on every way out.
class Inflater {
 public:
  Inflater(std::string_view bytes, int window_bits, const std::filesystem::path& path)
      : path_(path), size_(bytes.size()) {
    if (bytes.size() > std::numeric_limits<uInt>::max()) throw FileError(path, "is too large");
    if (inflateInit2(&stream_, window_bits) != Z_OK) throw SystemError("zlib cannot start");
    // zlib does not change its input; its interface is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// Appends up to so many bytes.
  void inflate_into(std::string& plain, std::size_t count) {
    const std::size_t before = plain.size();
    plain.resize(before + count);
    stream_.next_out = reinterpret_cast<Bytef*>(plain.data() + before);
    stream_.avail_out = static_cast<uInt>(count);
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    plain.resize(plain.size() - stream_.avail_out);
    ended_ = status == Z_STREAM_END;
    if (status != Z_OK && !ended_) throw FileError(path_, "is damaged or truncated (compression)");
  }

  /// Begins with the next member, if there is one.
  void next_member() {
    if (!ended_ || stream_.avail_in == 0) return;
    if (*stream_.next_in != 0x1F) {
      throw FileError(path_, "has bytes after the end of its gzip stream");
    }
    inflateReset(&stream_);
    ended_ = false;
  }

  bool ended() const { return ended_; }
  std::size_t left() const { return stream_.avail_in; }
  double part_done() const {
    return 1 - static_cast<double>(stream_.avail_in) / static_cast<double>(std::max(size_, piece));
  }

 private:
  std::filesystem::path path_;
  std::size_t size_;
  z_stream stream_{};
  bool ended_ = false;
};

}  // namespace

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

std::string gunzip(std::string_view bytes, const LengthOf& length_of,
                   const std::filesystem::path& path, const Progress& progress) {
  constexpr int gzip_only = 16 + MAX_WBITS;
  Inflater inflater(bytes, gzip_only, path);
  std::string plain;
  std::optional<std::size_t> limit;
  while (!inflater.ended() && (!limit || plain.size() <= *limit)) {
    constexpr std::size_t longest_header = 1 << 11;
    const std::size_t room = limit ? std::min(piece, *limit - plain.size() + 1) : longest_header;
    inflater.inflate_into(plain, room);
    progress.tell(inflater.part_done());
    inflater.next_member();
    if (limit) continue;
    limit = length_of(plain);
    if (!limit && plain.size() >= longest_header) limit = plain.size();
    if (!limit) continue;
    if (*limit / largest_ratio > bytes.size()) {
      throw FileError(path, "is truncated: its header promises more than its size can hold");
    }
    plain.reserve(*limit + 1);
  }
  return plain;
}

std::string inflate_raw(std::string_view bytes, std::size_t size, const std::filesystem::path& path,
                        const Progress& progress) {
  if (size / largest_ratio > bytes.size()) {
    throw FileError(path, "is damaged: it cannot be as long as it says");
  }
  Inflater inflater(bytes, -MAX_WBITS, path);
  std::string plain;
  plain.reserve(size + 1);
  while (!inflater.ended() && plain.size() <= size) {
    inflater.inflate_into(plain, std::min(piece, size - plain.size() + 1));
    progress.tell(inflater.part_done());
  }
  if (plain.size() != size || inflater.left() != 0) {
    throw FileError(path, "is damaged: it is not as long as it says");
  }
  return plain;
}

}  // namespace hypnos
