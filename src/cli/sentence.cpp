#include "cli/sentence.hpp"

#include <fmt/format.h>

#include "hypnos/database.hpp"
#include "hypnos/judges.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/training_options.hpp"
#include "report/script.hpp"

namespace hypnos::cli {

std::string sentence(const InputError& error) {
  if (const auto* wrong = dynamic_cast<const ParameterError*>(&error)) {
    if (find_training_option(wrong->parameter()) != nullptr) {
      return fmt::format("{}: {}", training_flag(wrong->parameter()), wrong->reason());
    }
  }
  if (const auto* missing = dynamic_cast<const MissingDataError*>(&error)) {
    return fmt::format("{}; get it with: hypnos data fetch {}", error.what(), missing->name());
  }
  if (const auto* judges = dynamic_cast<const JudgesError*>(&error)) {
    return fmt::format(
        "{}; samples that it was not trained on can judge it: for tune --on rest, for the guard "
        "--holdout DATA",
        judges->what());
  }
  if (const auto* taken = dynamic_cast<const StudyNameError*>(&error)) {
    return fmt::format("{}; give this one another name with --study NAME", taken->what());
  }
  return error.what();
}

}  // namespace hypnos::cli
