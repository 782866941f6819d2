#pragma once

// Networks trained like a given one, to judge a sleep by samples that they have not seen.

#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/folds.hpp"
#include "training/recipe.hpp"

namespace hypnos::cli {

/// Trains them as the recipe says the network was trained, with a progress bar.
/// @param epochs instead of the recipe's, if given
/// @throws InputError when the recipe does not say how, or the network has been changed since;
///   Interrupted.
std::vector<Subject> train_like(const Network& network, const Recipe& recipe,
                                const std::vector<Trainee>& trainees, unsigned threads,
                                std::optional<std::uint64_t> epochs = {});

/// The samples that are not in the subset.
/// @throws InputError when there are none.
Dataset left_out(const Subset& subset, const Dataset& all);

/// How many threads the machine has.
unsigned all_threads();

}  // namespace hypnos::cli
