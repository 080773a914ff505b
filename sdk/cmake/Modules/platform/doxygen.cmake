# SPDX-License-Identifier: Apache-2.0
# include(platform/doxygen): a documentation target for projects that ask for one.
include_guard(GLOBAL)

function(_kosix_documentation name)
  if(TARGET ${name})
    return()
  endif()
  find_program(KOSIX_DOXYGEN doxygen NO_CMAKE_FIND_ROOT_PATH)
  if(KOSIX_DOXYGEN AND EXISTS "${CMAKE_SOURCE_DIR}/Doxyfile")
    add_custom_target(${name} COMMAND "${KOSIX_DOXYGEN}" Doxyfile
      WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" VERBATIM)
  else()
    add_custom_target(${name} COMMAND ${CMAKE_COMMAND} -E echo
      "No documentation is made: doxygen or the project's Doxyfile is missing.")
  endif()
endfunction()

function(add_project_documentation_main_target)
  _kosix_documentation(documentation)
endfunction()

function(add_project_documentation)
  _kosix_documentation(documentation)
endfunction()
