#pragma once

#include <cstddef>
#include <memory>

#include "base/products.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

/// How weights follow their gradients.
class UpdateRule {
 public:
  virtual ~UpdateRule() = default;

  /// The next step, by the errors of so many samples.
  virtual UpdateStep next(double learning_rate, std::size_t samples) = 0;

  /// How many numbers it keeps for each weight.
  virtual std::size_t numbers_kept() const = 0;
};

std::unique_ptr<UpdateRule> make_update_rule(const TrainingOptions& options);

}  // namespace hypnos
