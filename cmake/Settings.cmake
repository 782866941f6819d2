# Compiler settings shared by every target.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# The build type "Dev": optimized, with assertions.
set(CMAKE_CXX_FLAGS_DEV "-O2 -g1")
# What computes much asks for more where it stands.
if(CMAKE_CXX_FLAGS_RELEASE STREQUAL "-O3 -DNDEBUG")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

add_library(hypnos_warnings INTERFACE)
target_compile_options(hypnos_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wpedantic
  # One rounding per operation, on every machine: a multiplication and an addition stay two.
  -ffp-contract=off
  $<$<BOOL:${HYPNOS_WARNINGS_AS_ERRORS}>:-Werror>)

# Several files are compiled as one where a whole build matters more than a part of it: in the presets
# release, asan and tsan.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 6 CACHE STRING "Files that are compiled as one")

if(HYPNOS_SANITIZE)
  add_compile_options(-O1 -fsanitize=${HYPNOS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HYPNOS_SANITIZE})
endif()

if(HYPNOS_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)  # coverage, which guides the fuzzer
endif()
