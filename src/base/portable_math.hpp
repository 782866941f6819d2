#pragma once

// Elementary functions in double precision that give the same bits on every machine: additions,
// multiplications and divisions alone, one rounding each. Those of C libraries differ in their last
// bits between machines with and without fused multiply-add. Right to about one unit in the last
// place; pow() to a few where its result is very large or very small.

namespace hypnos::portable {

double exp(double x);

/// NaN below 0, -infinity at 0.
double log(double x);

/// x to the y. NaN for x below 0, whatever y is.
double pow(double x, double y);

/// @param x in radians, in +- 2^20
double sin(double x);
double cos(double x);

}  // namespace hypnos::portable
