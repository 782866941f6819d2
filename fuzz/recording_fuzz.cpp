// Recordings of sleeps: spikes.

#include "reader.hpp"
#include "report/recording_data.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to(
      [&] { recording_data({.spikes = fuzz::file_with(content, ".npy"), .trace = {}}); });
}
