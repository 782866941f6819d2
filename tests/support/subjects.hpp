#pragma once

#include <vector>

#include "hypnos/folds.hpp"
#include "support/networks.hpp"

namespace hypnos::test {

/// Small networks, on the plateau of the authors' training.
inline std::vector<Subject> small_subjects(std::size_t count) {
  TrainingOptions options = authors_protocol();
  options.epochs = 20;
  std::vector<Trainee> trainees;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    const Dataset data = toy_data(100, 12, 12, 4, seed);
    trainees.push_back({.training = data, .evaluation = data, .seed = seed});
  }
  return train_subjects(trainees, std::vector<std::size_t>{144, 100, 100, 4}, options,
                        {.threads = 2});
}

}  // namespace hypnos::test
