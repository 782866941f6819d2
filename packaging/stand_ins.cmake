cmake_minimum_required(VERSION 3.25)
# Runs the port of vcpkg without vcpkg: each of its functions does here what its documentation says, as
# far as the port uses it, against the system's packages.
#   cmake -D PACKAGE=FOLDER -D BUILD=FOLDER -P packaging/stand_ins.cmake
set(CURRENT_PACKAGES_DIR "${PACKAGE}")
set(port "${CMAKE_CURRENT_LIST_DIR}/vcpkg/hypnos")

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
endfunction()

function(vcpkg_cmake_configure)
  cmake_parse_arguments(ARG "" "SOURCE_PATH" "OPTIONS" ${ARGN})
  run("${CMAKE_COMMAND}" -G Ninja -S "${ARG_SOURCE_PATH}" -B "${BUILD}" -D CMAKE_BUILD_TYPE=Release
      -D "CMAKE_INSTALL_PREFIX=${PACKAGE}" -D CMAKE_INSTALL_LIBDIR=lib ${ARG_OPTIONS})
endfunction()

function(vcpkg_cmake_install)
  run("${CMAKE_COMMAND}" --build "${BUILD}" --target install)
endfunction()

function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(ARG "" "CONFIG_PATH" "" ${ARGN})
  if(NOT EXISTS "${PACKAGE}/${ARG_CONFIG_PATH}/hypnosConfig.cmake")
    message(FATAL_ERROR "there is no ${ARG_CONFIG_PATH}/hypnosConfig.cmake")
  endif()
  file(COPY "${PACKAGE}/${ARG_CONFIG_PATH}/" DESTINATION "${PACKAGE}/share/hypnos")
  file(REMOVE_RECURSE "${PACKAGE}/lib/cmake")
  file(GLOB targets "${PACKAGE}/share/hypnos/*.cmake")
  foreach(file IN LISTS targets)
    file(READ "${file}" text)
    # One folder less above it than before.
    set(up "get_filename_component(_IMPORT_PREFIX \"\${_IMPORT_PREFIX}\" PATH)\n")
    string(REPLACE "${up}${up}${up}" "${up}${up}" text "${text}")
    file(WRITE "${file}" "${text}")
  endforeach()
endfunction()

function(vcpkg_copy_tools)
  cmake_parse_arguments(ARG "AUTO_CLEAN" "" "TOOL_NAMES" ${ARGN})
  foreach(tool IN LISTS ARG_TOOL_NAMES)
    file(COPY "${PACKAGE}/bin/${tool}" DESTINATION "${PACKAGE}/tools/hypnos")
    file(REMOVE "${PACKAGE}/bin/${tool}")
  endforeach()
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(ARG "" "" "FILE_LIST" ${ARGN})
  file(COPY_FILE "${ARG_FILE_LIST}" "${PACKAGE}/share/hypnos/copyright")
endfunction()

file(READ "${port}/vcpkg.json" manifest)
string(JSON name GET "${manifest}" name)
if(NOT name STREQUAL "hypnos")
  message(FATAL_ERROR "vcpkg.json names ${name}")
endif()
include("${port}/portfile.cmake")
