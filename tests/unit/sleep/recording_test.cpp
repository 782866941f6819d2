#include "hypnos/recording.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "hypnos/error.hpp"
#include "hypnos/stimulus.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

// The records of a file, behind its header.
template <typename Record>
std::vector<Record> records_of(const std::filesystem::path& path, const std::string& fields) {
  const std::string file = test::read_text(path);
  constexpr std::size_t header_bytes = 512;
  EXPECT_GE(file.size(), header_bytes);
  EXPECT_EQ((file.size() - header_bytes) % sizeof(Record), 0U);
  std::vector<Record> records((file.size() - header_bytes) / sizeof(Record));
  std::memcpy(records.data(), file.data() + header_bytes, records.size() * sizeof(Record));
  const std::string header = file.substr(0, header_bytes);
  EXPECT_NE(header.find(fields), std::string::npos);
  EXPECT_NE(header.find("'shape': (" + std::to_string(records.size()) + ",)"), std::string::npos);
  return records;
}

struct Night {
  Network network;
  SleepParameters parameters;
  std::vector<double> gains = {10, 10};

  Night() {
    const std::size_t sizes[] = {16, 8, 4};
    network = test::random_network(sizes, -0.01F, 0.02F, 1);
    parameters.steps = 100;
    parameters.increment = 0.001;
    parameters.patch = 0;
    parameters.max_rate = 100;
    parameters.firing = Thresholds{{0.5, 0.5}};
    parameters.input_gain = GivenGains{gains};
  }
  SleepReport sleep_with(const SleepObserver& observer) {
    const std::vector<float> mean(16, 1.0F);
    return sleep(network, parameters, gains,
                 noise_patches(mean, {.rows = 4, .columns = 4}, parameters, 1), observer);
  }
};

TEST(Recording, HasEachSpikeAndEachState) {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder / "night.npy";
  Night night;
  SleepRecorder recorder(file, 50);
  SleepObserver observer;
  recorder.attach(observer);
  const SleepReport report = night.sleep_with(observer);
  EXPECT_FALSE(std::filesystem::exists(file)) << "it is not finished";
  recorder.close();

  auto counts = report.spike_counts;
  std::uint64_t last = 0;
  for (const SpikeRecord& spike : records_of<SpikeRecord>(file, spike_fields)) {
    EXPECT_GE(spike.step, last);
    last = spike.step;
    --counts.at(spike.layer).at(spike.unit);
  }
  for (const auto& layer : counts) EXPECT_EQ(layer, std::vector<std::uint64_t>(layer.size(), 0));

  const auto states = records_of<StateRecord>(state_file(file), state_fields);
  ASSERT_EQ(states.size(), 4U);
  EXPECT_EQ(states[0].step, 50U);
  EXPECT_EQ(states[3].step, 100U);
  EXPECT_EQ(states[3].layer, 2U);
  const auto& weights = night.network.layers[1].weights;
  double sum = 0;
  for (const float w : weights) sum += double{w};
  EXPECT_FLOAT_EQ(states[3].weight_mean,
                  static_cast<float>(sum / static_cast<double>(weights.size())));
  EXPECT_EQ(states[3].weight_max, *std::max_element(weights.begin(), weights.end()));
  EXPECT_LT(states[3].membrane_max, 0.5F);
}

TEST(Recording, ThatIsNotClosedLeavesNoFile) {
  const test::TemporaryFolder folder;
  {
    Night night;
    SleepRecorder recorder(folder / "night.npy", 50);
    SleepObserver observer;
    recorder.attach(observer);
    night.sleep_with(observer);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Recording, OfAStoppedSleepTakesAnotherName) {
  const test::TemporaryFolder folder;
  test::write_text(folder / "night.npy", "of another night");
  Night night;
  SleepRecorder recorder(folder / "night.npy", 50);
  SleepObserver observer;
  recorder.attach(observer);
  night.sleep_with(observer);
  recorder.close_as(folder / "night.interrupted.npy");
  EXPECT_EQ(test::read_text(folder / "night.npy"), "of another night");
  EXPECT_FALSE(records_of<SpikeRecord>(folder / "night.interrupted.npy", spike_fields).empty());
  EXPECT_EQ(records_of<StateRecord>(folder / "night.interrupted.state.npy", state_fields).size(),
            4U);
}

TEST(Recording, SaysWhereItCannotWrite) {
  EXPECT_THROW(SleepRecorder("/nowhere/night.npy", 50), Error);
}

}  // namespace
}  // namespace hypnos
