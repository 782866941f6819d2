#include "training.hpp"

#include <variant>

#include "hypnos/error.hpp"

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

}  // namespace sleepreplay
