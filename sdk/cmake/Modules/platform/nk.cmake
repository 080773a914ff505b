# SPDX-License-Identifier: Apache-2.0
# include(platform/nk): commands that turn IDL, CDL and EDL files into headers.
#
# Every nk source is copied to <build>/_headers_/<module>/ while CMake runs, so
# that imports are found whatever order the targets build in. Headers are
# generated next to the copies, and again copied to the current binary folder; what
# finds them without a module is in _headers_here_.
# All programs of a project wait for all nk targets (target kosix-nk-headers):
# public projects name only some of them.
include(platform/nk2)

set(KOSIX_NK_HEADERS "${CMAKE_BINARY_DIR}/_headers_")
include_directories(SYSTEM "${CMAKE_BINARY_DIR}/_headers_build_" "${KOSIX_NK_HEADERS}"
  "${CMAKE_CURRENT_BINARY_DIR}/_headers_here_")
if(CMAKE_INSTALL_PREFIX AND EXISTS "${CMAKE_INSTALL_PREFIX}/include")
  include_directories(SYSTEM "${CMAKE_INSTALL_PREFIX}/include")
endif()
_kosix_nk_prepare()

# nk_include_directories(dir...): more places where nk tools look for imports.
macro(nk_include_directories)
  foreach(_kosix_dir ${ARGN})
    get_filename_component(_kosix_dir "${_kosix_dir}" ABSOLUTE)
    list(APPEND KOSIX_NK_INCLUDE_DIRS "${_kosix_dir}")
  endforeach()
endmacro()
