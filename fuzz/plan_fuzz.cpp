// Plans in TOML, and the trials that they stand for.

#include "hypnos/plan.hpp"
#include "reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] {
    DataSets data;
    const auto parameters = [](const std::string&) {
      return parse_sleep_parameters("steps = 10\nthreshold = [1, 2, 3]\nalpha_scale = 1", "fuzz");
    };
    for (const Trial& trial : read_plan(fuzz::file_with(content), {}, parameters, data).trials) {
      id_of(trial);
    }
  });
}
