#pragma once

// Tests that run once for each kind of vector instructions that this machine has, and for the
// scalar fallback where that is compiled.

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cstdint>
#include <string>

namespace hypnos::test {

/// While a test runs, Highway dispatches to its parameter.
class VectorTargetTest : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }
};

inline auto vector_targets() {
  return testing::ValuesIn(hwy::SupportedAndGeneratedTargets());
}

inline std::string target_name(const testing::TestParamInfo<std::int64_t>& target) {
  return hwy::TargetName(target.param);
}

}  // namespace hypnos::test
