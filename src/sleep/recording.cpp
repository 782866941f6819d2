#include "hypnos/recording.hpp"

#include <algorithm>
#include <numeric>

#include "hypnos/weight_summary.hpp"
#include "sleep/record_file.hpp"

namespace hypnos {
namespace {

StateRecord record_of(std::uint64_t step, const LayerState& state) {
  const double potentials = std::accumulate(state.membrane.begin(), state.membrane.end(), 0.0);
  const WeightSummary weights = summarize_weights(state.weights);
  return {
      .step = step,
      .layer = static_cast<std::uint32_t>(state.layer),
      .membrane_mean = static_cast<float>(potentials / static_cast<double>(state.membrane.size())),
      .membrane_max = *std::max_element(state.membrane.begin(), state.membrane.end()),
      .weight_mean = static_cast<float>(weights.mean),
      .weight_deviation = static_cast<float>(weights.deviation),
      .weight_min = static_cast<float>(weights.low),
      .weight_max = static_cast<float>(weights.high),
      .weight_positive = static_cast<float>(weights.positive)};
}

}  // namespace

std::filesystem::path state_file(std::filesystem::path spike_file) {
  return spike_file.replace_extension(".state.npy");
}

SleepRecorder::SleepRecorder(const std::filesystem::path& file, std::uint64_t state_steps)
    : file_(file),
      spikes_(std::make_unique<RecordFile>(file, spike_fields)),
      states_(std::make_unique<RecordFile>(state_file(file), state_fields)),
      state_steps_(state_steps) {}

SleepRecorder::~SleepRecorder() = default;

void SleepRecorder::attach(SleepObserver& observer) {
  observer.spikes = [this](std::uint64_t step, std::size_t layer,
                           std::span<const std::uint32_t> units) {
    for (const std::uint32_t unit : units) {
      const SpikeRecord record{step, static_cast<std::uint32_t>(layer), unit};
      spikes_->append(&record, sizeof record);
    }
  };
  observer.state_steps = state_steps_;
  observer.state = [this](std::uint64_t step, const LayerState& state) {
    const StateRecord record = record_of(step, state);
    states_->append(&record, sizeof record);
  };
}

void SleepRecorder::close() {
  close_as(file_);
}

void SleepRecorder::close_as(const std::filesystem::path& file) {
  spikes_->finish();
  states_->finish();
  spikes_->become(file);
  states_->become(state_file(file));
}

}  // namespace hypnos
