#pragma once

// ZIP files, as NumPy's .npz files are: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
// Read are files of up to 4 GB whose entries are stored or deflated.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hypnos/progress.hpp"

namespace hypnos {

struct ZipEntry {
  std::string name;
  std::string_view packed;  ///< part of the file's content
  std::size_t size = 0;     ///< of the plain content
  std::uint32_t crc = 0;    ///< of the plain content
  bool deflated = false;
};

/// The entries, in the order of the file's directory.
/// @throws FileError when it is no ZIP file, is damaged, or names an entry twice.
std::vector<ZipEntry> parse_zip(std::string_view content, const std::filesystem::path& path);

/// The plain content of an entry: part of the file's content, or put into `plain`.
/// @throws FileError when it is damaged; Stopped.
std::string_view unpack(const ZipEntry& entry, std::string& plain,
                        const std::filesystem::path& path, const Progress& progress = {});

}  // namespace hypnos
