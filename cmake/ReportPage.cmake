# The page and the figures script of web/, built by Node.js, become part of the program: sets
# REPORT_SOURCE. Without Node.js, or its packages, the texts are empty, and `report` is left out.
set(REPORT_SOURCE "${CMAKE_CURRENT_BINARY_DIR}/report_texts.cpp")
set(web "${PROJECT_SOURCE_DIR}/web")
set(report_texts "")

function(report_packages result)
  find_program(NODE_PROGRAM node)
  find_program(NPM_PROGRAM npm)
  if(NOT NODE_PROGRAM OR NOT NPM_PROGRAM)
    message(STATUS "report is left out: there is no Node.js (node and npm)")
    return()
  endif()
  # Installed anew only when the list of packages has changed.
  file(SHA256 "${web}/package-lock.json" wanted)
  set(stamp "${web}/node_modules/.hypnos-packages")
  set(present "")
  if(EXISTS "${stamp}")
    file(READ "${stamp}" present)
  endif()
  if(NOT present STREQUAL wanted)
    message(STATUS "Installing the packages of web/")
    execute_process(COMMAND "${NPM_PROGRAM}" ci --prefer-offline WORKING_DIRECTORY "${web}"
                    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE why)
    if(failed)
      string(REGEX REPLACE "\n.*" "" why "${why}")
      message(STATUS "report is left out: npm could not install the packages of web/ (${why})")
      return()
    endif()
    file(WRITE "${stamp}" "${wanted}")
  endif()
  set(${result} TRUE PARENT_SCOPE)
endfunction()

set(HYPNOS_REPORT FALSE)
report_packages(HYPNOS_REPORT)
if(HYPNOS_REPORT)
  set(built "${PROJECT_BINARY_DIR}/web")
  file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS "${web}/src/*")
  set(report_texts "${built}/page/index.html" "${built}/figures/figures.mjs")
  add_custom_command(
    OUTPUT ${report_texts}
    COMMAND "${CMAKE_COMMAND}" -E env "HYPNOS_WEB_OUT=${built}"
            "${NODE_PROGRAM}" node_modules/vite/bin/vite.js build --logLevel warn
    COMMAND "${CMAKE_COMMAND}" -E env "HYPNOS_WEB_OUT=${built}"
            "${NODE_PROGRAM}" node_modules/vite/bin/vite.js build --logLevel warn --config vite.figures.config.ts
    DEPENDS ${web_sources} "${web}/index.html" "${web}/vite.config.ts" "${web}/vite.figures.config.ts" "${web}/inlined.ts"
            "${web}/package-lock.json"
    WORKING_DIRECTORY "${web}"
    COMMENT "Building the report page"
    VERBATIM)
endif()
add_custom_command(
  OUTPUT "${REPORT_SOURCE}"
  COMMAND "${CMAKE_COMMAND}" -D "OUTPUT=${REPORT_SOURCE}" -D "FILES=${report_texts}"
          -P "${PROJECT_SOURCE_DIR}/cmake/EmbedReport.cmake"
  DEPENDS ${report_texts} "${PROJECT_SOURCE_DIR}/cmake/EmbedReport.cmake"
  VERBATIM)
