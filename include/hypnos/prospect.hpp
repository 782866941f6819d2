#pragma once

// What a sleep will probably do for a network, from how the network answers its training samples.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "hypnos/metrics.hpp"
#include "hypnos/names.hpp"
#include "hypnos/response_summary.hpp"

namespace hypnos {

/// Where a network stands in its training.
enum class Standing {
  plateau,  ///< it answers all classes alike: sleep gains most here
  edge,     ///< it has begun to tell classes apart: sleep may gain some points, or lose some
  past,     ///< it tells them apart: no sleep that was measured gained two points
};
template <>
inline constexpr Name<Standing> names_of<Standing>[] = {
    {Standing::plateau, "plateau"}, {Standing::edge, "edge"}, {Standing::past, "past"}};

/// What a sleep will probably do, and what says so.
struct Prospect {
  Standing standing = Standing::past;
  std::uint64_t samples = 0;
  double accuracy = 0;       ///< on the training samples
  double chance = 0;         ///< accuracy of always the most frequent class
  double commonest = 0;      ///< part of the answers that are the commonest one
  std::size_t answered = 0;  ///< classes that are more than 1% of the answers
  std::size_t classes = 0;
  /// Of each hidden layer: mean correlation of the responses to different classes (see
  /// ResponseSummary); NaN where a layer does not respond.
  std::vector<double> alike = {};
  /// The smallest gain that a guard by folds of so many samples can tell from chance, if the sleep
  /// changes one answer in ten.
  double visible_gain = 0;
};

/// A standing in words: "The network is ..." and what a sleep will probably do.
struct ProspectWords {
  std::string_view where;
  std::string_view sleep;
};
ProspectWords words_of(Standing standing);

/// Limits of the standing: the correlation of the last hidden layer is 0.8 or more on the plateau,
/// and below 0.45 past it. They were read off 448 networks (docs/guides/plateau.md).
/// @param metrics, responses of the training samples, see stages::measure_with_responses
/// @throws InputError when the network has no hidden layer, or its last one does not respond to two
///   classes.
Prospect prospect_of(const Metrics& metrics, std::span<const ResponseSummary> responses);

/// The training loss of the best answer that is always the same: 0.5 (1 - sum p^2) by squared error
/// of one-hot targets, the entropy of p by cross-entropy, where p are the parts of the classes. A
/// network on its plateau has about this loss.
double constant_answer_loss(bool cross_entropy, const Metrics& metrics);

}  // namespace hypnos
