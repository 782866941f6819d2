cmake_minimum_required(VERSION 3.25)
# Writes OUTPUT: a C++ source with VERSION and the commit of SOURCE_DIR, if it changed.
set(commit "")
find_program(GIT git)
if(GIT AND EXISTS "${SOURCE_DIR}/.git")
  execute_process(COMMAND "${GIT}" -C "${SOURCE_DIR}" describe --always --dirty --abbrev=12 --exclude=*
                  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT commit)
  set(commit "commit unknown")
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT
"// Made by cmake/WriteVersion.cmake.
#include \"version/version.hpp\"

namespace hypnos {

const char* version() { return \"@VERSION@ (@commit@)\"; }

}  // namespace hypnos
" @ONLY)
