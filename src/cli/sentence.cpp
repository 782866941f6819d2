#include "cli/sentence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hypnos/batch_norm.hpp"
#include "hypnos/database.hpp"
#include "hypnos/dataset.hpp"
#include "hypnos/judges.hpp"
#include "hypnos/model_errors.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/stages.hpp"
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
  if (const auto* damaged = dynamic_cast<const DamagedDataError*>(&error)) {
    return fmt::format("{}; get it again with: hypnos data fetch {}", error.what(),
                       damaged->name());
  }
  if (const auto* ambiguous = dynamic_cast<const AmbiguousDataError*>(&error)) {
    std::string option = ambiguous->choice();
    std::replace(option.begin(), option.end(), '_', '-');
    return fmt::format("{}; say which with --{} {}", error.what(), option,
                       fmt::join(ambiguous->values(), fmt::format(" or --{} ", option)));
  }
  if (dynamic_cast<const stages::DataChangedError*>(&error) != nullptr) {
    return fmt::format("{}; --data-changed accept goes on with them as they are now", error.what());
  }
  if (dynamic_cast<const NoTestHalfError*>(&error) != nullptr) {
    return fmt::format(
        "{}; eval --split train measures on the training samples; a folder or .npz file can have "
        "both halves (docs/formats.md)",
        error.what());
  }
  if (dynamic_cast<const SilentNoiseError*>(&error) != nullptr) {
    return fmt::format(
        "{}; give the data as they were before they were normalized, and --normalize standardize "
        "(or MEAN,STD), so that the noise keeps their shape, or give spikes by --input-spikes",
        error.what());
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
  if (const auto* unknown = dynamic_cast<const UnknownTensorError*>(&error)) {
    return fmt::format("{}; if no answer of the network depends on it, give --without-effect {}",
                       error.what(), unknown->tensor());
  }
  if (const auto* open = dynamic_cast<const LayerOrderError*>(&error)) {
    return fmt::format("{}; say it, from the input to the output, like this: --layers {}",
                       error.what(), fmt::join(open->layers(), ","));
  }
  if (dynamic_cast<const NormPlaceError*>(&error) != nullptr) {
    return fmt::format("{}; say it with --batch-norm {}", error.what(), list_names<NormPlace>());
  }
  return error.what();
}

}  // namespace hypnos::cli
