// The limits are read off networks whose gain by sleep was measured: docs/guides/plateau.md.
#include "hypnos/prospect.hpp"

#include <algorithm>
#include <cmath>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

constexpr double alike_on_plateau = 0.8;
constexpr double alike_at_edge = 0.45;

double chance_of(const Metrics& metrics) {
  std::uint64_t most = 0;
  for (const ClassMetrics& one : metrics.per_class) most = std::max(most, one.samples);
  return static_cast<double>(most) / static_cast<double>(metrics.samples);
}

}  // namespace

ProspectWords words_of(Standing standing) {
  switch (standing) {
    case Standing::plateau:
      return {
          "on its plateau: its hidden units respond to all classes nearly alike",
          "A sleep that fits it will probably help, most likely by several points and up to "
          "some tens. Most of that shows at once, and a part of it lasts when training goes on."};
    case Standing::edge:
      return {"at the end of its plateau: its hidden units begin to tell classes apart",
              "A sleep may help by some points, or do harm. Let the guard decide."};
    case Standing::past:
      break;
  }
  return {"past its plateau: its hidden units tell classes apart",
          "A sleep will probably do nothing for it: of the networks like it that were measured "
          "none gained more than two points. If you can train it anew, let it sleep early."};
}

Prospect prospect_of(const Metrics& metrics, std::span<const ResponseSummary> responses) {
  if (responses.size() < 2) {
    throw InputError(
        "the network has no hidden layer, and nothing is known of what sleep does then");
  }
  Prospect found{.samples = metrics.samples,
                 .accuracy = metrics.accuracy,
                 .chance = chance_of(metrics),
                 .classes = metrics.per_class.size()};
  const auto samples = static_cast<double>(metrics.samples);
  for (const ClassMetrics& one : metrics.per_class) {
    const double part = static_cast<double>(one.answered) / samples;
    found.commonest = std::max(found.commonest, part);
    if (part > 0.01) ++found.answered;
  }
  for (const ResponseSummary& layer : responses.first(responses.size() - 1)) {
    found.alike.push_back(layer.class_correlation);
  }
  const double alike = found.alike.back();
  if (std::isnan(alike)) {
    throw InputError(
        "the last hidden layer does not respond to two classes of the samples, so that nothing "
        "says "
        "how alike it finds them");
  }
  if (alike >= alike_on_plateau) {
    found.standing = Standing::plateau;
  } else if (alike >= alike_at_edge) {
    found.standing = Standing::edge;
  }
  // The guard takes the best of several lengths, and wants about 2.5 standard errors.
  // Of a difference to which one sample in ten contributes, one is sqrt(0.1 / samples).
  found.visible_gain = 2.5 * std::sqrt(0.1 / samples);
  return found;
}

double constant_answer_loss(bool cross_entropy, const Metrics& metrics) {
  double squares = 0;
  double entropy = 0;
  for (const ClassMetrics& one : metrics.per_class) {
    const double part = static_cast<double>(one.samples) / static_cast<double>(metrics.samples);
    squares += part * part;
    if (part > 0) entropy -= part * std::log(part);
  }
  return cross_entropy ? entropy : 0.5 * (1 - squares);
}

}  // namespace hypnos
