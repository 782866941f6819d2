// Exported results, with the configurations of their trials.

#include "hypnos/verification.hpp"
#include "reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] { read_claims(fuzz::file_with(content)); });
}
