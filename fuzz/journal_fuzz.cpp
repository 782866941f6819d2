// Journals of searches.

#include "hypnos/tuning_journal.hpp"
#include "reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] {
    TuningJournal(fuzz::file_with(content), "{\"seed\":1}").add({.position = {0.5}, .scores = {1}});
  });
}
