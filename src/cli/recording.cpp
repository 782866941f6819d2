#include "cli/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/atomic_file.hpp"
#include "hypnos/error.hpp"

namespace hypnos::cli {
namespace {

constexpr std::size_t header_bytes = 512;

#pragma pack(push, 1)
struct SpikeRecord {
  std::uint64_t step;
  std::uint32_t layer;
  std::uint32_t unit;
};
struct StateRecord {
  std::uint64_t step;
  std::uint32_t layer;
  float membrane_mean, membrane_max;
  float weight_mean, weight_deviation, weight_min, weight_max, weight_positive;
};
#pragma pack(pop)

constexpr const char* spike_fields = "[('step', '<u8'), ('layer', '<u4'), ('unit', '<u4')]";
constexpr const char* state_fields =
    "[('step', '<u8'), ('layer', '<u4'), ('membrane_mean', '<f4'), ('membrane_max', '<f4'), "
    "('weight_mean', '<f4'), ('weight_deviation', '<f4'), ('weight_min', '<f4'), "
    "('weight_max', '<f4'), ('weight_positive', '<f4')]";

std::filesystem::path state_file(std::filesystem::path file) {
  return file.replace_extension(".state.npy");
}

StateRecord summarize_state(std::uint64_t step, const LayerState& state) {
  StateRecord record{};
  record.step = step;
  record.layer = static_cast<std::uint32_t>(state.layer);
  double potential = 0;
  float largest = state.membrane.front();
  for (const float v : state.membrane) {
    potential += double{v};
    largest = std::max(largest, v);
  }
  double sum = 0;
  double squares = 0;
  double positive = 0;
  float low = state.weights.front();
  float high = low;
  for (const float w : state.weights) {
    sum += double{w};
    squares += double{w} * double{w};
    positive += w > 0 ? 1 : 0;
    low = std::min(low, w);
    high = std::max(high, w);
  }
  const auto weights = static_cast<double>(state.weights.size());
  const double mean = sum / weights;
  record.membrane_mean = static_cast<float>(potential / static_cast<double>(state.membrane.size()));
  record.membrane_max = largest;
  record.weight_mean = static_cast<float>(mean);
  record.weight_deviation =
      static_cast<float>(std::sqrt(std::max(0.0, squares / weights - mean * mean)));
  record.weight_min = low;
  record.weight_max = high;
  record.weight_positive = static_cast<float>(positive / weights);
  return record;
}

}  // namespace

RecordFile::RecordFile(std::filesystem::path target, std::string fields)
    : target_(std::move(target)), part_(target_), fields_(std::move(fields)) {
  check_writable(target_);
  part_ += ".part";
  file_ = std::fopen(part_.c_str(), "wb");
  if (file_ == nullptr) fail();
  write_header();
}

RecordFile::~RecordFile() {
  if (file_ != nullptr) std::fclose(file_);
}

void RecordFile::append(const void* record, std::size_t bytes) {
  if (std::fwrite(record, bytes, 1, file_) != 1) fail();
  ++records_;
}

void RecordFile::close() {
  if (std::fseek(file_, 0, SEEK_SET) != 0) fail();
  write_header();
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0) fail();
  std::filesystem::rename(part_, target_);
}

void RecordFile::write_header() {
  std::string text =
      fmt::format("{{'descr': {}, 'fortran_order': False, 'shape': ({},), }}", fields_, records_);
  constexpr std::size_t prefix_bytes = 10;
  text.resize(header_bytes - prefix_bytes - 1, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xFF);
  header += static_cast<char>(text.size() >> 8);
  header += text;
  if (std::fwrite(header.data(), header.size(), 1, file_) != 1) fail();
}

void RecordFile::fail() const {
  throw SystemError(fmt::format("{}: cannot be written: {}", part_.string(), std::strerror(errno)));
}

SleepRecorder::SleepRecorder(const std::filesystem::path& file, std::uint64_t state_steps)
    : spikes_(file, spike_fields),
      states_(state_file(file), state_fields),
      state_steps_(state_steps) {}

void SleepRecorder::attach(SleepObserver& observer) {
  observer.spikes = [this](std::uint64_t step, std::size_t layer,
                           std::span<const std::uint32_t> units) {
    for (const std::uint32_t unit : units) {
      const SpikeRecord record{step, static_cast<std::uint32_t>(layer), unit};
      spikes_.append(&record, sizeof record);
    }
  };
  observer.state_steps = state_steps_;
  observer.state = [this](std::uint64_t step, const LayerState& state) {
    const StateRecord record = summarize_state(step, state);
    states_.append(&record, sizeof record);
  };
}

void SleepRecorder::close() {
  spikes_.close();
  states_.close();
}

}  // namespace hypnos::cli
