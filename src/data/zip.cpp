#include "data/zip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <set>

#include "data/gzip.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// Reads little-endian numbers at places of the file, none of which lies outside.
class Bytes {
 public:
  Bytes(std::string_view content, const std::filesystem::path& path)
      : content_(content), path_(path) {}

  std::string_view part(std::size_t at, std::size_t length) const {
    if (at > content_.size() || length > content_.size() - at) {
      throw FileError(path_, "is damaged: its ZIP directory points outside of it");
    }
    return content_.substr(at, length);
  }

  std::uint32_t number(std::size_t at, std::size_t bytes) const {
    const std::string_view raw = part(at, bytes);
    std::uint32_t value = 0;
    for (std::size_t b = bytes; b-- > 0;) value = value << 8 | static_cast<unsigned char>(raw[b]);
    return value;
  }

  void expect(std::size_t at, std::string_view signature) const {
    if (part(at, signature.size()) != signature) {
      throw FileError(path_, "is damaged: its ZIP directory points to what is no entry");
    }
  }

 private:
  std::string_view content_;
  const std::filesystem::path& path_;
};

// Where the record lies that ends a ZIP file. A comment of up to 64 KB may follow it.
std::size_t find_end(std::string_view content, const std::filesystem::path& path) {
  constexpr std::size_t record = 22;
  constexpr std::size_t longest_comment = 0xFFFF;
  if (!content.starts_with("PK")) throw FileError(path, "is not an .npz file (not a ZIP file)");
  const std::size_t tail =
      content.size() > record + longest_comment ? content.size() - record - longest_comment : 0;
  const std::size_t at = content.substr(tail).rfind("PK\x05\x06");
  if (at == std::string_view::npos || content.size() - tail - at < record) {
    throw FileError(path, "is truncated: it has no ZIP directory");
  }
  return tail + at;
}

// The content of an entry begins after a header of its own.
std::string_view packed_bytes(const Bytes& bytes, std::size_t header, std::size_t length) {
  bytes.expect(header, "PK\x03\x04");
  const std::size_t names =
      bytes.number(header + 26, 2) + std::size_t{bytes.number(header + 28, 2)};
  return bytes.part(header + 30 + names, length);
}

ZipEntry parse_entry(const Bytes& bytes, std::size_t at, const std::filesystem::path& path) {
  bytes.expect(at, "PK\x01\x02");
  ZipEntry entry;
  entry.name = bytes.part(at + 46, bytes.number(at + 28, 2));
  const std::uint32_t flags = bytes.number(at + 8, 2);
  const std::uint32_t method = bytes.number(at + 10, 2);
  const std::uint32_t packed = bytes.number(at + 20, 4);
  const std::uint32_t header = bytes.number(at + 42, 4);
  entry.crc = bytes.number(at + 16, 4);
  entry.size = bytes.number(at + 24, 4);
  constexpr std::uint32_t in_zip64 = 0xFFFFFFFF;
  constexpr std::uint32_t deflate = 8;
  if (packed == in_zip64 || entry.size == in_zip64 || header == in_zip64) {
    throw FileError(path, fmt::format("{}: is larger than 4 GB", entry.name));
  }
  if ((flags & 1U) != 0) throw FileError(path, fmt::format("{}: is encrypted", entry.name));
  if (method != 0 && method != deflate) {
    throw FileError(path, fmt::format("{}: is compressed by method {}; save it with numpy.savez or "
                                      "numpy.savez_compressed",
                                      entry.name, method));
  }
  entry.deflated = method == deflate;
  entry.packed = packed_bytes(bytes, header, packed);
  return entry;
}

}  // namespace

std::vector<ZipEntry> parse_zip(std::string_view content, const std::filesystem::path& path) {
  const Bytes bytes(content, path);
  const std::size_t end = find_end(content, path);
  const std::uint32_t count = bytes.number(end + 10, 2);
  std::size_t at = bytes.number(end + 16, 4);
  std::vector<ZipEntry> entries;
  std::set<std::string> names;
  for (std::uint32_t e = 0; e < count; ++e) {
    entries.push_back(parse_entry(bytes, at, path));
    if (!names.insert(entries.back().name).second) {
      throw FileError(path, fmt::format("has two entries {}", entries.back().name));
    }
    at += 46 + std::size_t{bytes.number(at + 28, 2)} + bytes.number(at + 30, 2) +
          bytes.number(at + 32, 2);
  }
  return entries;
}

std::string_view unpack(const ZipEntry& entry, std::string& plain,
                        const std::filesystem::path& path, const Progress& progress) {
  std::string_view content = entry.packed;
  if (entry.deflated) {
    plain = inflate_raw(entry.packed, entry.size, path, progress);
    content = plain;
  }
  std::uint32_t crc = 0;
  constexpr std::size_t piece = std::size_t{1} << 26;
  for (std::size_t at = 0; at < content.size(); at += piece) {
    const std::string_view part = content.substr(at, piece);
    crc = static_cast<std::uint32_t>(
        ::crc32(crc, reinterpret_cast<const Bytef*>(part.data()), static_cast<uInt>(part.size())));
  }
  if (content.size() != entry.size || crc != entry.crc) {
    throw FileError(path, "is damaged: its checksum in the ZIP file is another");
  }
  return content;
}

}  // namespace hypnos
