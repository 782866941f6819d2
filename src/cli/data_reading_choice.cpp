#include "cli/data_reading_choice.hpp"

#include "data/normalization_text.hpp"

namespace hypnos::cli {

void add_data_reading_options(CLI::App& verb, DataReadingChoice& choice) {
  verb.add_option("--layout", choice.layout,
                  "where the channels of images stand in arrays of four dimensions: first [samples "
                  "x channels x rows x columns], last [samples x rows x columns x channels] "
                  "(default: where 1 or 3 stands)")
      ->check(CLI::IsMember({"first", "last"}));
  verb.add_option("--range", choice.range,
                  "pixels: numbers are divided by 255; as-is: taken as they are (default: whole "
                  "numbers from 0 to 255 of images are pixels)")
      ->check(CLI::IsMember({"pixels", "as-is"}));
  verb.add_option(
          "--first-label", choice.first_label,
          "the label of the first class, 0 or 1 (default: 0; labels that begin at 1 are refused "
          "until this is said)")
      ->check(CLI::IsMember({0, 1}));
}

void add_normalize_option(CLI::App& verb, DataReadingChoice& choice) {
  verb.add_option("--normalize", choice.normalize,
                  "inputs become (x - MEAN) / STD, after pixels were divided by 255; with several "
                  "channels all means and then all STDs may be given; standardize takes both from "
                  "the training samples, of each channel or of each column of a table. The noise "
                  "of sleep keeps the shape that the inputs had before")
      ->type_name("MEAN,STD|standardize|none");
}

void apply(const DataReadingChoice& choice, DataReading& reading) {
  if (!choice.layout.empty()) reading.layout = named<Layout>(choice.layout);
  if (!choice.range.empty()) reading.scale = named<ValueScale>(choice.range);
  if (choice.first_label) reading.first_label = choice.first_label;
  if (!choice.normalize.empty()) reading.normalization = parse_normalization(choice.normalize);
}

}  // namespace hypnos::cli
