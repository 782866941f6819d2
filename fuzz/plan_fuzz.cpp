// Plans in TOML, and the trials that they stand for.

#include <algorithm>
#include <cctype>

#include "hypnos/plan.hpp"
#include "reader.hpp"

namespace {

// Plans may stand for 100,000 trials, and such take their time.
bool has_large_number(std::string_view text) {
  const auto digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  return std::search_n(text.begin(), text.end(), 4, true, [&](char c, bool) {
           return digit(static_cast<unsigned char>(c));
         }) != text.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  if (has_large_number(content)) return 0;
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
