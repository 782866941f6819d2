// Results databases.

#include "hypnos/database.hpp"
#include "hypnos/exports.hpp"
#include "hypnos/trial_groups.hpp"
#include "reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] {
    const Database database(fuzz::file_with(content), Database::Access::read);
    const std::vector<StoredTrial> trials = database.trials();
    database.studies();
    group_by_configuration(trials);
    trials_csv(trials);
    weights_csv(trials);
  });
}
