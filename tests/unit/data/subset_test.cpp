#include "hypnos/subset.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "hypnos/error.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

const Dataset data = test::toy_data(1000, 2, 2, 10, 1);  // 100 of each class

std::vector<std::size_t> class_counts(const std::vector<std::uint32_t>& chosen) {
  std::vector<std::size_t> counts(data.classes, 0);
  for (const std::uint32_t sample : chosen) ++counts[data.labels[sample]];
  return counts;
}

std::string error_of(const Subset& subset) {
  return test::message_of<ParameterError>([&] { draw(subset, data); });
}

TEST(Draw, TakesAllByDefault) {
  EXPECT_EQ(draw({}, data).size(), 1000U);
}

TEST(Draw, TakesTheFractionOfAllSamples) {
  EXPECT_EQ(draw({.fraction = 0.03}, data).size(), 30U);
  EXPECT_NE(draw({.fraction = 0.03, .seed = 1}, data), draw({.fraction = 0.03, .seed = 2}, data));
}

TEST(Draw, SmallerFractionsArePartOfLargerOnes) {
  const auto small = draw({.fraction = 0.05}, data);
  const auto large = draw({.fraction = 0.1}, data);
  EXPECT_TRUE(std::includes(large.begin(), large.end(), small.begin(), small.end()));
}

TEST(Draw, TakesSoManyPerClass) {
  EXPECT_EQ(class_counts(draw({.per_class = 7}, data)), std::vector<std::size_t>(10, 7));
  EXPECT_EQ(error_of({.per_class = 101}), "per_class: class 0 has only 100 samples");
}

TEST(Draw, KeepsAPartOfTheNamedClasses) {
  const auto counts = class_counts(draw({.per_class = 50, .keep = {{2, 0.1}, {5, 0.0}}}, data));
  EXPECT_EQ(counts, (std::vector<std::size_t>{50, 50, 5, 50, 50, 0, 50, 50, 50, 50}));
}

TEST(Draw, RefusesWhatCannotBe) {
  EXPECT_EQ(error_of({.fraction = 0.0}), "fraction: 0 is not in (0, 1]");
  EXPECT_EQ(error_of({.fraction = 1.5}), "fraction: 1.5 is not in (0, 1]");
  EXPECT_EQ(error_of({.keep = {{10, 0.5}}}), "keep: there is no class 10; classes are 0 to 9");
  EXPECT_EQ(error_of({.keep = {{1, -1.0}}}), "keep: -1 of class 1 is not in [0, 1]");
  EXPECT_EQ(error_of({.fraction = 0.0001}), "subset: nothing is left of the 1000 samples of toy");
}

}  // namespace
}  // namespace hypnos
