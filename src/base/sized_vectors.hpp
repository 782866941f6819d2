#pragma once

// To be included before Highway where arrays of vectors are made. Vectors of SVE have no size that
// the compiler knows; machines that have them have NEON as well.

#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
