# A Debian package of the program, the library and the headers: cpack -G DEB in a release build.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hypnos)
set(CPACK_PACKAGE_CONTACT "The Hypnos authors <hypnos@localhost>")
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What a program needs that links the library; hypnos itself does without.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
    "libfmt-dev, libhwy-dev, libsqlitecpp-dev, libsqlite3-dev, libssl-dev, zlib1g-dev, nlohmann-json3-dev")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libcurl4")
include(CPack)
