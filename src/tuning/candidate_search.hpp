#pragma once

#include "hypnos/tuning.hpp"
#include "tuning/candidate_evaluator.hpp"

namespace hypnos {

/// What is searched, and who says what it is worth.
struct CandidateSearch {
  const CandidateEvaluator& evaluator;
  SearchSpace space;
  std::size_t subjects = 0;
  std::size_t layers = 0;  ///< of their networks
};

/// The search of tune(): candidates are drawn at random, then by CMA-ES, and the best few are tried
/// again under other noise.
/// @throws as tune()
TuningResult search_candidates(const CandidateSearch& what, const TuningOptions& options,
                               const TuningObserver& observer, const Execution& execution);

}  // namespace hypnos
