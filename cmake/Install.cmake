# The program, its presets, and a CMake package with the sleep engine alone.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/hypnos")
get_property(libraries GLOBAL PROPERTY HYPNOS_LIBRARIES)
get_property(headers GLOBAL PROPERTY HYPNOS_HEADERS)
set(engine hypnos_base hypnos_network hypnos_sleep)
install(TARGETS ${engine} EXPORT hypnosTargets ARCHIVE)
install(FILES ${headers} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/hypnos")
install(EXPORT hypnosTargets NAMESPACE hypnos:: DESTINATION "${package_dir}")
file(WRITE "${PROJECT_BINARY_DIR}/hypnosConfig.cmake"
     "include(CMakeFindDependencyMacro)\nfind_dependency(fmt)\nfind_dependency(hwy)\ninclude(\"\${CMAKE_CURRENT_LIST_DIR}/hypnosTargets.cmake\")\n")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/hypnosConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/hypnosConfig.cmake" "${PROJECT_BINARY_DIR}/hypnosConfigVersion.cmake"
        DESTINATION "${package_dir}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/presets" DESTINATION "${CMAKE_INSTALL_DATADIR}/hypnos")
