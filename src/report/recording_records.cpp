#include "report/recording_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace hypnos {
namespace {

// Reads the header, and stands then before the first record. Returns how many records follow.
std::uint64_t read_header(std::ifstream& file, const std::filesystem::path& path,
                          const char* fields, std::size_t record_bytes) {
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
  const std::uintmax_t size = std::filesystem::file_size(path, unknown);
  const std::uintmax_t begin = sizeof prefix + header.size();
  const std::uintmax_t records = unknown || size < begin ? 0 : (size - begin) / record_bytes;
  if (unknown || size != begin + records * record_bytes ||
      header.find(fmt::format("'shape': ({},)", records)) == std::string::npos) {
    throw FileError(path,
                    "is damaged, or was not finished: its header says another number of "
                    "records");
  }
  return records;
}

// Shows the records of an .npy file one by one.
template <typename Record>
void for_each(const std::filesystem::path& path, const char* fields, const Progress& progress,
              const std::function<void(const Record&)>& look) {
  std::ifstream file(path, std::ios::binary);
  const std::uint64_t records = read_header(file, path, fields, sizeof(Record));
  std::vector<Record> some(4096);
  for (std::uint64_t done = 0; done < records;) {
    progress.tell(static_cast<double>(done) / static_cast<double>(records));
    const std::uint64_t count = std::min<std::uint64_t>(some.size(), records - done);
    file.read(reinterpret_cast<char*>(some.data()),
              static_cast<std::streamsize>(count * sizeof(Record)));
    if (!file) throw FileError(path, "cannot be read to its end");
    for (std::uint64_t i = 0; i < count; ++i) look(some[i]);
    done += count;
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
