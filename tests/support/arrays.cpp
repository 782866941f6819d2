#include "support/arrays.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <cstdint>

namespace hypnos::test {
namespace {

std::string deflated_bytes(std::string_view plain, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, plain.size()) + 100, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string little(std::size_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t b = 0; b < bytes; ++b) {
    text += static_cast<char>(static_cast<unsigned char>(value & 0xFF));
    value >>= 8;
  }
  return text;
}

}  // namespace

std::string npy(std::string_view type, std::string_view shape, std::string_view data,
                std::string_view fortran_order) {
  const std::string header = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n",
                                         type, fortran_order, shape);
  std::string content("\x93NUMPY\x01\x00", 8);
  content += little(header.size(), 2);
  return content + header + std::string(data);
}

std::string gzip(std::string_view plain) {
  return deflated_bytes(plain, 16 + MAX_WBITS);
}

std::string zip(const std::vector<std::pair<std::string, std::string>>& entries, bool deflated) {
  std::string file;
  std::string directory;
  for (const auto& [name, plain] : entries) {
    const std::string packed = deflated ? deflated_bytes(plain, -MAX_WBITS) : plain;
    const auto crc =
        crc32(0, reinterpret_cast<const Bytef*>(plain.data()), static_cast<uInt>(plain.size()));
    const std::string facts = little(20, 2) + little(0, 2) + little(deflated ? 8 : 0, 2) +
                              little(0, 4) + little(crc, 4) + little(packed.size(), 4) +
                              little(plain.size(), 4) + little(name.size(), 2) + little(0, 2);
    directory +=
        "PK\x01\x02" + little(20, 2) + facts + little(0, 10) + little(file.size(), 4) + name;
    file += "PK\x03\x04" + facts + name + packed;
  }
  return file + directory + "PK\x05\x06" + little(0, 4) + little(entries.size(), 2) +
         little(entries.size(), 2) + little(directory.size(), 4) + little(file.size(), 4) +
         little(0, 2);
}

}  // namespace hypnos::test
