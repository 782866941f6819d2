#include "report/recording_data.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::message_of;
using test::write_text;

struct Spike {
  std::uint64_t step;
  std::uint32_t layer;
  std::uint32_t unit;
};

std::string file_of(const std::vector<Spike>& spikes) {
  const std::string header =
      "{'descr': [('step', '<u8'), ('layer', '<u4'), ('unit', '<u4')], 'fortran_order': False, "
      "'shape': (" +
      std::to_string(spikes.size()) + ",), }\n";
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size());
  file += '\0';
  file += header;
  const std::size_t begin = file.size();
  file.resize(begin + spikes.size() * sizeof(Spike));
  std::memcpy(file.data() + begin, spikes.data(), spikes.size() * sizeof(Spike));
  return file;
}

TEST(RecordingData, CountsSpikes) {
  const test::TemporaryFolder folder;
  write_text(folder / "night.npy", file_of({{0, 0, 1}, {0, 1, 0}, {1, 0, 1}, {3, 0, 3}}));
  write_text(folder / "trace.csv", "step,training_accuracy\n0,0.5\n4,0.75\n");
  const Json data = recording_data({.spikes = folder / "night.npy",
                                    .trace = folder / "trace.csv",
                                    .steps = 4,
                                    .units = {4, 2, 3},
                                    .rows = 2,
                                    .columns = 2});
  EXPECT_EQ(data["steps"], 4);
  ASSERT_EQ(data["layers"].size(), 3U);
  EXPECT_EQ(data["layers"][0]["fired"], 2);
  EXPECT_EQ(data["layers"][0]["rates"], Json({0.25, 0.25, 0.0, 0.25}));
  EXPECT_EQ(data["layers"][0]["raster_units"], Json({1, 3}));
  EXPECT_EQ(data["layers"][0]["raster_steps"], Json({0, 1, 3}));
  EXPECT_EQ(data["layers"][0]["raster_rows"], Json({0, 0, 1}));
  EXPECT_EQ(data["layers"][2]["fired"], 0) << "a layer may stay silent";
  EXPECT_EQ(data["input"]["rates"], Json({0.0, 0.5, 0.0, 0.25}));
  EXPECT_EQ(data["trace"][1], Json({{"step", 4}, {"accuracy", 0.75}}));
}

TEST(RecordingData, ShowsNoMoreThanCanBeSeen) {
  const test::TemporaryFolder folder;
  std::vector<Spike> spikes;
  for (std::uint64_t step = 0; step < 2000; ++step) {
    for (std::uint32_t unit = 0; unit < 20; ++unit) spikes.push_back({step, 0, unit});
  }
  write_text(folder / "night.npy", file_of(spikes));
  const Json data = recording_data({.spikes = folder / "night.npy", .trace = {}});
  const Json& layer = data["layers"][0];
  EXPECT_EQ(layer["fired"], 20);
  EXPECT_LT(layer["raster_steps"].size(), 4000U);
  EXPECT_LT(layer["raster_until"], 2000) << "the beginning, where spikes can be told apart";
  EXPECT_LE(layer["rates"].size(), 100U);
}

TEST(RecordingData, RefusesOtherFiles) {
  const test::TemporaryFolder folder;
  const auto refused = [&](const std::string& content) {
    write_text(folder / "night.npy", content);
    return message_of<FileError>(
        [&] { recording_data({.spikes = folder / "night.npy", .trace = {}}); });
  };
  EXPECT_NE(refused("").find("is not a recording"), std::string::npos);
  EXPECT_NE(refused("\x93NUMPY but no more").find("is not a recording"), std::string::npos);
  EXPECT_NE(refused(file_of({{0, 4'000'000'000U, 0}})).find("is damaged"), std::string::npos);
  EXPECT_NE(refused(file_of({{0, 0, 4'000'000'000U}})).find("is damaged"), std::string::npos);
  constexpr std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  EXPECT_NE(refused(file_of({{last, 0, 0}})).find("is damaged"), std::string::npos);
  EXPECT_NE(refused(file_of({{5, 0, 0}, {4, 0, 0}})).find("at step 4 follows one at step 5"),
            std::string::npos);
  // A few spikes of many layers, each with many units, would take memory without end.
  std::vector<Spike> wide;
  for (std::uint32_t layer = 0; layer < 20; ++layer) wide.push_back({0, layer, 999'999});
  EXPECT_NE(refused(file_of(wide)).find("more than 4000000 units"), std::string::npos);
  const std::string whole = file_of({{0, 0, 1}, {1, 0, 1}});
  for (const std::size_t missing : {1U, 16U}) {
    EXPECT_NE(refused(whole.substr(0, whole.size() - missing)).find("was not finished"),
              std::string::npos);
  }
  write_text(folder / "night.npy", file_of({{0, 0, 1}}));
  write_text(folder / "trace.csv", "step,training_accuracy\nx\n");
  EXPECT_NE(message_of<FileError>([&] {
              recording_data({.spikes = folder / "night.npy", .trace = folder / "trace.csv"});
            }).find("is damaged: x"),
            std::string::npos);
}

}  // namespace
}  // namespace hypnos
