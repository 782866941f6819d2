#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/subject.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

/// A network to be trained for tuning, and the samples that will judge it.
struct Trainee {
  Dataset training;
  Dataset evaluation;  ///< may be the training samples themselves
  std::uint64_t seed = 1;
};

/// The samples of a data set that one fold leaves out, and the others, both ascending.
struct Fold {
  std::vector<std::uint32_t> kept;
  std::vector<std::uint32_t> left_out;
};

/// Splits samples into K folds at random, the classes evenly.
/// @throws ParameterError when there are fewer than 2 folds, or more than samples.
std::vector<Fold> fold_indices(const Dataset& data, std::size_t folds, std::uint64_t seed);

/// Leaves out each fold in turn: K trainees, judged on what they have not seen.
/// @throws as fold_indices()
std::vector<Trainee> leave_out_folds(const Dataset& data, std::size_t folds, std::uint64_t seed);

/// Draws `count` of the samples at random. If there are no more than that, all are taken.
Dataset sample(const Dataset& data, std::size_t count, std::uint64_t seed);

/// Trains each from random weights, several at a time, each on one thread.
/// @param sizes units per layer, the input first
/// @throws Stopped
std::vector<Subject> train_subjects(std::span<const Trainee> trainees,
                                    std::span<const std::size_t> sizes,
                                    const TrainingOptions& options,
                                    const Execution& execution = {});

}  // namespace hypnos
