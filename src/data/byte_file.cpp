#include "data/byte_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cstring>
#include <limits>

#include "base/whole_file.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// A gzip stream that is being decompressed. Its memory is given back on every way out.
struct Inflater {
  Inflater() {
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream, gzip_only) != Z_OK) throw SystemError("zlib cannot start");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }
  z_stream stream{};
};

}  // namespace

std::filesystem::path find_plain_or_gz(const std::filesystem::path& path) {
  if (std::filesystem::exists(path)) return path;
  std::filesystem::path compressed = path;
  compressed += ".gz";
  return std::filesystem::exists(compressed) ? compressed : std::filesystem::path();
}

std::string read_bytes(const std::filesystem::path& path, const Progress& progress) {
  return gunzip(read_file(path), path, progress);
}

std::string gunzip(std::string_view bytes, const std::filesystem::path& path,
                   const Progress& progress) {
  if (!bytes.starts_with("\x1f\x8b")) return std::string(bytes);
  if (bytes.size() > std::numeric_limits<uInt>::max()) throw FileError(path, "is too large");
  Inflater inflater;
  z_stream& stream = inflater.stream;
  // zlib does not change its input; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string plain;
  std::array<char, 1 << 16> buffer{};
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    plain.append(buffer.data(), buffer.size() - stream.avail_out);
    progress.tell(1 - static_cast<double>(stream.avail_in) / static_cast<double>(bytes.size()));
    if (status == Z_STREAM_END) break;
    if (status != Z_OK) throw FileError(path, "is damaged or truncated (gzip)");
  }
  if (stream.avail_in != 0) throw FileError(path, "has bytes after the end of its gzip stream");
  return plain;
}

std::string_view array_bytes(std::string_view content, std::size_t header,
                             std::span<const std::size_t> shape, std::size_t element,
                             const std::filesystem::path& path) {
  std::size_t expected = element;
  for (const std::size_t size : shape) {
    if (size != 0 && expected > std::numeric_limits<std::size_t>::max() / size) {
      throw FileError(path, "its shape is too large");
    }
    expected *= size;
  }
  const std::string_view bytes = content.substr(header);
  if (bytes.size() != expected) {
    throw FileError(path, fmt::format("{}: its header promises {} bytes of data, but it has {}",
                                      bytes.size() < expected ? "is truncated" : "is too long",
                                      expected, bytes.size()));
  }
  return bytes;
}

}  // namespace hypnos
