# hypnos_library(NAME [OF_PROGRAM] HEADERS ... SOURCES ... [PUBLIC libs] [PRIVATE libs])
# One folder of src/ is one library. Its public headers are those of include/hypnos/ that it lists;
# its private ones lie in its folder. One OF_PROGRAM is not installed.
#
# A library sees what stands below it and nothing else: each has a folder of links to its own
# headers, and a target gets only the folders of the libraries that it links. An include that
# points up is a file that the compiler does not find.
function(hypnos_library name)
  cmake_parse_arguments(ARG "OF_PROGRAM" "" "HEADERS;SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target hypnos_${name})
  set(links "${PROJECT_BINARY_DIR}/layers/${name}")
  file(REMOVE_RECURSE "${links}")
  file(MAKE_DIRECTORY "${links}/hypnos")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${links}/${name}" SYMBOLIC)
  foreach(header IN LISTS ARG_HEADERS)
    file(CREATE_LINK "${PROJECT_SOURCE_DIR}/include/hypnos/${header}" "${links}/hypnos/${header}" SYMBOLIC)
  endforeach()

  add_library(${target} STATIC ${ARG_SOURCES})
  add_library(hypnos::${name} ALIAS ${target})
  target_include_directories(${target} PUBLIC
    "$<BUILD_INTERFACE:${links}>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_link_libraries(${target} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} $<BUILD_INTERFACE:hypnos_warnings>)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  if(NOT ARG_OF_PROGRAM)
    set_property(GLOBAL APPEND PROPERTY HYPNOS_LIBRARIES ${target})
  endif()
  list(TRANSFORM ARG_HEADERS PREPEND "${PROJECT_SOURCE_DIR}/include/hypnos/")
  set_property(GLOBAL APPEND PROPERTY HYPNOS_HEADERS ${ARG_HEADERS})
endfunction()
