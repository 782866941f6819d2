#pragma once

// What a trial found: plain numbers, as the database keeps them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/metrics.hpp"
#include "hypnos/response_summary.hpp"
#include "hypnos/weight_summary.hpp"

namespace hypnos {

/// When a network is measured, in this order.
inline constexpr const char* before_sleep = "before";
inline constexpr const char* after_sleep = "after_sleep";
inline constexpr const char* after_finetuning = "after_finetuning";
inline constexpr const char* control = "control";

/// Test metrics at one moment.
struct Measurement {
  std::string moment;
  Metrics metrics;
};

/// How long something took: "train" (missing when the network was there already), "sleep", "wake",
/// "finetune", "control", "measure"; "pretrain" likewise; "fit" in closed form; "analyze" weights
/// and responses.
struct Duration {
  std::string what;
  double seconds = 0;
};

/// Firing of one layer during sleep; 0 is the input.
struct LayerActivity {
  std::uint64_t units = 0;
  std::uint64_t spikes = 0;
  double rate = 0;  ///< spikes per unit and step
  std::optional<double> threshold =
      {};  ///< as given, or as found for a target rate; not the input's
};

/// What sleep did to the weights into one layer.
struct LayerWeights {
  WeightSummary before;
  WeightSummary after;
  WeightChange change;
  WeightHistogram histogram_before = {};  ///< both over the same range
  WeightHistogram histogram_after = {};
};

/// What sleep did to the responses of one layer to test images.
struct LayerResponses {
  ResponseSummary before;
  ResponseSummary after;
};

struct SleepOutcome {
  std::string end;  ///< "complete", "silent", ...
  std::uint64_t steps = 0;
  std::vector<LayerActivity> activity = {};  ///< [layers + 1]
  std::vector<LayerWeights> weights = {};    ///< [layers]
  /// [layers]; of trials by a Hypnos that did not look, empty, as are histograms
  std::vector<LayerResponses> responses = {};
};

/// What a method chose by the training samples: "ridge", "neighbors"; and by what: "leave_one_out".
struct Fitted {
  std::string name;
  double value = 0;
};

struct Outcome {
  std::uint64_t samples = 0;  ///< trained on
  std::vector<Measurement> measurements;
  std::optional<SleepOutcome> sleep;
  std::optional<double> gain;  ///< of waking
  std::vector<Fitted> fitted = {};
  std::vector<Duration> durations;
  std::string failure;  ///< why some measurement is missing; empty: none is

  /// The measurement of that moment, or nothing.
  const Metrics* at(const std::string& moment) const {
    for (const Measurement& m : measurements) {
      if (m.moment == moment) return &m.metrics;
    }
    return nullptr;
  }
};

}  // namespace hypnos
