#pragma once

// What a trial found: plain numbers, as the database keeps them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/metrics.hpp"
#include "hypnos/response_summary.hpp"
#include "hypnos/sequence_measures.hpp"
#include "hypnos/weight_summary.hpp"

namespace hypnos {

/// The moments at which a network is measured, in this order.
inline constexpr const char* before_sleep = "before";
inline constexpr const char* after_sleep = "after_sleep";
inline constexpr const char* after_finetuning = "after_finetuning";
inline constexpr const char* control = "control";

/// Test metrics at one moment. Of tasks in sequence: in the end, before and after the last sleep.
struct Measurement {
  std::string moment;
  Metrics metrics;
  std::vector<DistortedMetrics> distorted = {};  ///< in the database without their classes
  /// SHA-256 of the network (docs/studies.md says of which bytes); empty where there is none, and
  /// in results from before Hypnos kept it.
  std::string network_sha256 = {};
};

/// How long a part of a trial took. The parts are "pretrain" and "train" (absent when the network
/// was there already), "sleep", "wake", "finetune", "control", "measure", "analyze" (of weights and
/// responses), and "fit" (of a method in closed form).
struct Duration {
  std::string what;
  double seconds = 0;
};

/// Firing of one layer during sleep.
struct LayerActivity {
  std::uint64_t units = 0;
  std::uint64_t spikes = 0;
  double rate = 0;  ///< spikes per unit and step
  /// As given, or as found for a target rate; the input has none.
  std::optional<double> threshold = {};
};

/// What sleep did to the weights into one layer.
struct LayerWeights {
  WeightSummary before;
  WeightSummary after;
  WeightChange change;
  /// Both have the same bins. They are empty in results from before Hypnos kept histograms.
  WeightHistogram histogram_before = {};
  WeightHistogram histogram_after = {};
};

/// What sleep did to the responses of one layer to test images.
struct LayerResponses {
  ResponseSummary before;
  ResponseSummary after;
};

/// What happened during a sleep, and what it did.
struct SleepOutcome {
  std::string end;  ///< "complete", "silent", ...
  std::uint64_t steps = 0;
  std::vector<LayerActivity> activity = {};    ///< [layers + 1], the input first
  std::vector<LayerWeights> weights = {};      ///< [layers]
  std::vector<LayerResponses> responses = {};  ///< [layers]; empty when nobody looked
};

/// A number that a method chose by the training samples ("ridge", "neighbors"), or the accuracy by
/// which it chose ("leave_one_out").
struct Fitted {
  std::string name;
  double value = 0;
};

/// What was left of tasks in sequence.
struct SequenceOutcome {
  std::vector<TaskAccuracies> rows;  ///< after each task
  std::uint64_t stored = 0;          ///< images that were kept at most
  bool reads_old = false;            ///< whether others of earlier tasks were read
};

/// All that one trial found.
struct Outcome {
  std::uint64_t samples = 0;  ///< that it was trained on
  std::vector<Measurement> measurements = {};
  std::optional<SleepOutcome> sleep = {};  ///< the last one, of tasks in sequence
  std::optional<SequenceOutcome> sequence = {};
  std::optional<double> waking_factor = {};  ///< by which waking rescaled the weights
  std::vector<Fitted> fitted = {};
  std::vector<Duration> durations = {};
  std::string failure = {};  ///< why a stage could not be done; empty: all were done

  /// The metrics at that moment, or nullptr.
  const Metrics* metrics_at(const std::string& moment) const {
    const Measurement* measurement = measurement_at(moment);
    return measurement == nullptr ? nullptr : &measurement->metrics;
  }
  const Measurement* measurement_at(const std::string& moment) const {
    for (const Measurement& m : measurements) {
      if (m.moment == moment) return &m;
    }
    return nullptr;
  }
};

}  // namespace hypnos
