// Sleep parameters in TOML.

#include "hypnos/sleep_parameters.hpp"
#include "reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] {
    const SleepParameters read = parse_sleep_parameters(content, "fuzz");
    validate(read, 3);
    // What was read can be written and read again.
    parse_sleep_parameters(to_toml(read), "again");
  });
}
