#include "report/recording_records.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace hypnos {
namespace {

// Shows the records of an .npy file one by one.
template <typename Record>
void for_each(const std::filesystem::path& path, const char* fields, const Progress& progress,
              const std::function<void(const Record&)>& look) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw FileError(path, "cannot be read");
  unsigned char prefix[10];
  file.read(reinterpret_cast<char*>(prefix), sizeof prefix);
  std::string header(file ? prefix[8] + 256U * prefix[9] : 0U, ' ');
  file.read(header.data(), static_cast<std::streamsize>(header.size()));
  if (!file || std::memcmp(prefix, "\x93NUMPY\x01", 7) != 0 ||
      header.find(fields) == std::string::npos) {
    throw NotARecordingError(path, "is not a recording");
  }
  std::error_code unknown;
  const auto bytes = static_cast<double>(std::filesystem::file_size(path, unknown));
  double read = 0;
  std::vector<Record> some(4096);
  while (file) {
    progress.tell(std::min(read / bytes, 1.0));
    file.read(reinterpret_cast<char*>(some.data()),
              static_cast<std::streamsize>(some.size() * sizeof(Record)));
    const auto count = static_cast<std::size_t>(file.gcount()) / sizeof(Record);
    for (std::size_t i = 0; i < count; ++i) look(some[i]);
    read += static_cast<double>(count * sizeof(Record));
  }
}

}  // namespace

void for_each_spike(const std::filesystem::path& path, const Progress& progress,
                    const std::function<void(const SpikeRecord&)>& look) {
  for_each<SpikeRecord>(path, spike_fields, progress, look);
}

void for_each_state(const std::filesystem::path& path, const Progress& progress,
                    const std::function<void(const StateRecord&)>& look) {
  for_each<StateRecord>(path, state_fields, progress, look);
}

}  // namespace hypnos
