// Reports as JSON, and the commands that their pages offer.

#include "reader.hpp"
#include "report/report_file.hpp"
#include "report/script.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] {
    Json report = read_report(fuzz::file_with(content));
    add_scripts(report);
    report_text(report);
  });
}
