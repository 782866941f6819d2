# The program, its presets, all public headers, and a CMake package with two targets:
#   hypnos::sleep    the sleep engine alone; it needs fmt and Highway
#   hypnos::hypnos   everything
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/hypnos")

# What the engine links is a package of its own, which needs little.
function(libraries_behind target result)
  get_target_property(links ${target} LINK_LIBRARIES)
  set(found ${target})
  foreach(link IN LISTS links)
    if(link MATCHES "^hypnos::(.+)$")
      libraries_behind(hypnos_${CMAKE_MATCH_1} deeper)
      list(APPEND found ${deeper})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES found)
  set(${result} ${found} PARENT_SCOPE)
endfunction()

libraries_behind(hypnos_sleep engine)
get_property(others GLOBAL PROPERTY HYPNOS_LIBRARIES)
add_library(hypnos_hypnos INTERFACE)
set_target_properties(hypnos_hypnos PROPERTIES EXPORT_NAME hypnos)
target_link_libraries(hypnos_hypnos INTERFACE ${others})
list(REMOVE_ITEM others ${engine})
install(TARGETS ${engine} EXPORT hypnosEngineTargets ARCHIVE)
install(TARGETS ${others} hypnos_hypnos EXPORT hypnosTargets ARCHIVE)

get_property(headers GLOBAL PROPERTY HYPNOS_HEADERS)
install(FILES ${headers} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/hypnos")
install(EXPORT hypnosEngineTargets NAMESPACE hypnos:: DESTINATION "${package_dir}")
install(EXPORT hypnosTargets NAMESPACE hypnos:: DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/hypnosConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_SOURCE_DIR}/cmake/hypnosConfig.cmake"
              "${PROJECT_BINARY_DIR}/hypnosConfigVersion.cmake"
        DESTINATION "${package_dir}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/presets" DESTINATION "${CMAKE_INSTALL_DATADIR}/hypnos")
