#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hypnos {

/// How many standard errors the interval of the largest of several improvements reaches: the
/// largest of the errors of all is below that in 97.5% of cases. The errors are drawn by turning
/// the signs of all deviations of a sample at random (wild bootstrap), so that lengths that answer
/// alike count as little more than one (Westfall and Young 1993). Not below what a single one
/// needs, nor above what Bonferroni gives.
/// @param changes [lengths][samples]
/// @param classes [samples]; deviations are from the mean of the class
double quantile_of_largest(std::vector<std::vector<double>> changes,
                           std::span<const std::uint32_t> classes);

}  // namespace hypnos
