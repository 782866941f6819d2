#include "training.hpp"

#include <utility>
#include <variant>

#include "hypnos/error.hpp"
#include "hypnos/sleep_schedule.hpp"

namespace sleepreplay {

hypnos::TrainingOptions training_of(std::map<std::string, hypnos::OptionValue> chosen) {
  const auto protocol = chosen.extract("protocol");
  hypnos::TrainingOptions options = hypnos::modern_protocol();
  if (!protocol.empty()) {
    const auto* name = std::get_if<std::string>(&protocol.mapped());
    if (name != nullptr && *name == "authors") {
      options = hypnos::authors_protocol();
    } else if (name == nullptr || *name != "modern") {
      throw hypnos::ParameterError("protocol", "must be modern or authors");
    }
  }
  return with_options(options, chosen);
}

hypnos::TrainingOptions further_training(std::map<std::string, hypnos::OptionValue> chosen,
                                         std::uint64_t updates,
                                         std::optional<double> learning_rate) {
  if (updates == 0) {
    throw hypnos::ParameterError("moment_updates",
                                 "must be 1 or more: how long networks are trained on");
  }
  return training_after_sleep(training_of(std::move(chosen)), updates, learning_rate);
}

}  // namespace sleepreplay
