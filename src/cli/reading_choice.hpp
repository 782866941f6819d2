#pragma once

// The options that say how a model file is to be read where it leaves that open.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "hypnos/model_file.hpp"

namespace hypnos::cli {

struct ReadingChoice {
  std::vector<std::string> layers;
  std::string batch_norm;
  std::vector<std::string> without_effect;

  bool any() const { return !layers.empty() || !batch_norm.empty() || !without_effect.empty(); }
};

/// Adds --layers, --batch-norm and --without-effect.
void add_reading_options(CLI::App& verb, ReadingChoice& choice);

Model read_model(const std::string& file, const ReadingChoice& choice);

}  // namespace hypnos::cli
