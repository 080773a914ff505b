# SPDX-License-Identifier: Apache-2.0
# include(platform/install): export_targets, and install folders where none are set.
include_guard(DIRECTORY)
include(GNUInstallDirs)

# export_targets(TARGETS t... [GENERATE_CONFIG_IN name]): libraries and nk targets of
# this project as a package that find_package finds below the install prefix.
function(export_targets)
  cmake_parse_arguments(A "" "PACKAGE;GENERATE_CONFIG_IN" "TARGETS" ${ARGN})
  set(package ${PROJECT_NAME})
  if(A_PACKAGE)
    set(package ${A_PACKAGE})
  endif()
  set(libraries)
  foreach(target ${A_TARGETS})
    if(NOT TARGET ${target})
      message(FATAL_ERROR "kosix: export_targets: there is no target ${target}")
    endif()
    list(APPEND libraries ${target})
  endforeach()
  install(TARGETS ${libraries} EXPORT ${package}-targets
    ARCHIVE DESTINATION lib LIBRARY DESTINATION lib RUNTIME DESTINATION bin)
  install(EXPORT ${package}-targets NAMESPACE ${package}:: DESTINATION lib/cmake/${package}
    FILE ${package}-config.cmake)
endfunction()
