// NumPy's files of several arrays, and whole data sets in them.

#include "data/data_files.hpp"
#include "data/data_format.hpp"
#include "reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] {
    const DataFiles files = open_data_files(fuzz::file_with(content, ".npz"));
    const DataFormat format = decide_format(files, {});
    for (const DataHalf* half : files.halves()) read_half(*half, format);
  });
}
