// Properties of subsets.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "hypnos/subset.hpp"
#include "support/networks.hpp"

namespace hypnos::test {
namespace {

RC_GTEST_PROP(SubsetProperty, SmallerPartsAreNestedAndSortedAndUnique, ()) {
  const Dataset data = toy_data(static_cast<std::size_t>(*rc::gen::inRange(50, 500)), 1, 2, 5, 1);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const double small = *rc::gen::inRange(5, 50) / 100.0;
  const double large = small + *rc::gen::inRange(0, 51) / 100.0;
  const auto a = draw({.fraction = small, .seed = seed}, data);
  const auto b = draw({.fraction = large, .seed = seed}, data);
  RC_ASSERT(std::includes(b.begin(), b.end(), a.begin(), a.end()));
  RC_ASSERT(std::is_sorted(a.begin(), a.end()));
  RC_ASSERT(std::adjacent_find(a.begin(), a.end()) == a.end());
  RC_ASSERT(a.size() ==
            static_cast<std::size_t>(std::llround(small * static_cast<double>(data.size()))));
}

}  // namespace
}  // namespace hypnos::test
