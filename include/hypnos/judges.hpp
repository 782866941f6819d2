#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/error.hpp"
#include "hypnos/folds.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/recipe.hpp"

namespace hypnos {

/// Why no networks can be trained like a given one.
enum class NoJudges {
  unknown_training,  ///< its recipe does not say how it was trained
  pretrained,        ///< it began with the hidden layers of another network
  changed,           ///< something was done with it after its training
};

class JudgesError : public InputError {
 public:
  explicit JudgesError(NoJudges reason, const std::string& stage = {});
  NoJudges reason() const { return reason_; }
  const std::string& stage() const { return stage_; }  ///< that changed the network

 private:
  NoJudges reason_;
  std::string stage_;
};

/// Networks that are trained as the recipe says this one was, to judge a sleep by samples that they
/// have not seen. They get as many updates as this one had: with as many epochs of fewer samples
/// they would get fewer.
/// @param epochs instead, if given
/// @throws JudgesError; Stopped.
std::vector<Subject> train_like(const Network& network, const Recipe& recipe,
                                std::span<const Trainee> trainees, const Execution& execution = {},
                                std::optional<std::uint64_t> epochs = {});

}  // namespace hypnos
