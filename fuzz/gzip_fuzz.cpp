// Files that are compressed: an IDX file, as its header says.

#include "data/gzip.hpp"
#include "data/idx.hpp"
#include "reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] {
    gunzip(
        content, [](std::string_view beginning) { return idx_length(beginning, "fuzz"); }, "fuzz");
  });
}
