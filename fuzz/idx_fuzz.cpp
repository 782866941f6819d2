// Arrays in the IDX format of MNIST.

#include "data/idx.hpp"
#include "reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] {
    const ArrayView array = parse_idx(content, "fuzz");
    if (!array.shape.empty() && !array.bytes.empty()) {
      std::vector<double> row(array.row_size());
      read_row(array, array.rows() - 1, row);
    }
  });
}
