#include "cli/reading_choice.hpp"

namespace hypnos::cli {

void add_reading_options(CLI::App& verb, ReadingChoice& choice) {
  verb.add_option("--layers", choice.layers,
                  "the model's layers from the input to the output, where names and shapes leave "
                  "their order open: fc_in,fc_mid,fc_out")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  std::vector<std::string> places;
  for (const auto& place : names_of<NormPlace>) places.emplace_back(place.text);
  verb.add_option("--batch-norm", choice.batch_norm,
                  "where a BatchNorm between two layers stands, where the file leaves that open")
      ->check(CLI::IsMember(places));
  verb.add_option("--without-effect", choice.without_effect,
                  "tensors or layers of the file on which no answer depends: they are kept, and "
                  "not looked at")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
}

Model read_model(const std::string& file, const ReadingChoice& choice) {
  return hypnos::read_model(file, {.layers = choice.layers,
                                   .batch_norm = named<NormPlace>(choice.batch_norm),
                                   .without_effect = choice.without_effect});
}

}  // namespace hypnos::cli
