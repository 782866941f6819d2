#!/usr/bin/env bash
# Called by conda-build, with PREFIX and CMAKE_ARGS of its own.
set -euo pipefail
cmake -G Ninja -S . -B build/conda ${CMAKE_ARGS:-} -D CMAKE_BUILD_TYPE=Release -D CMAKE_INSTALL_PREFIX="$PREFIX" \
  -D CMAKE_UNITY_BUILD=ON -D CMAKE_UNITY_BUILD_BATCH_SIZE=16 -D CMAKE_DISABLE_PRECOMPILE_HEADERS=ON -D NODE_PROGRAM=no
cmake --build build/conda
cmake --install build/conda
