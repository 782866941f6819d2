#include "hypnos/presets.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/files.hpp"

namespace hypnos {
namespace {

TEST(Presets, AreTheFilesOfTheirFolder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PRESETS_DIR)) {
    const Preset* preset = find_preset(entry.path().stem().string());
    ASSERT_NE(preset, nullptr) << entry.path();
    EXPECT_EQ(preset->text, test::read_text(entry.path()));
    ++count;
  }
  EXPECT_EQ(presets().size(), count);
  EXPECT_GE(count, 9U);
}

TEST(Presets, AllAreValidAndNameTheirSource) {
  for (const Preset& preset : presets()) {
    const SleepParameters p = load_parameters(std::string(preset.name));
    EXPECT_NO_THROW(validate(p, 3)) << preset.name;
    EXPECT_FALSE(p.source.empty()) << preset.name;
  }
}

TEST(Presets, AFileComesBeforeAPreset) {
  const test::TemporaryFolder folder;
  test::write_text(folder / "mine.toml", "steps = 7\n");
  EXPECT_EQ(load_parameters(folder / "mine.toml").steps, 7U);
}

TEST(Presets, AnUnknownOneIsNamed) {
  EXPECT_EQ(find_preset("nobody"), nullptr);
  try {
    load_parameters("nobody");
    FAIL() << "it was found";
  } catch (const UnknownPreset& error) {
    EXPECT_EQ(error.name(), "nobody");
    EXPECT_NE(std::string(error.what()).find(presets().front().name), std::string::npos);
  }
}

}  // namespace
}  // namespace hypnos
