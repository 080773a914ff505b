# SPDX-License-Identifier: Apache-2.0
# create_custom_vfs_server(NAME ...): a VFS program of the project's own. Files and
# sockets are served by the kernel process here, so it is the SDK's VFS placeholder
# under the project's class, which the project's EDL declares. Arguments that choose
# what a real one is linked of have nothing to choose here.
include_guard(GLOBAL)
include(platform/nk)

function(create_custom_vfs_server)
  cmake_parse_arguments(A "" "NAME;TARGET;ENTITY_NAME;CLASS" "LIBRARIES;SOURCES" ${ARGN})
  list(PREPEND A_UNPARSED_ARGUMENTS ${A_NAME} ${A_TARGET})
  if(A_UNPARSED_ARGUMENTS)
    list(GET A_UNPARSED_ARGUMENTS 0 name)
  else()
    set(name "${A_ENTITY_NAME}")
  endif()
  if(NOT name)
    message(FATAL_ERROR "kosix: create_custom_vfs_server: no name given; the program's target "
      "name comes first")
  elseif(TARGET ${name})
    message(FATAL_ERROR "kosix: create_custom_vfs_server: ${name} is already a target")
  endif()
  add_executable(${name} ${A_SOURCES} "${KL_SDK_ROOT_PATH}/toolchain/share/kosix/placeholder.c")
  set(class ${name})
  if(A_CLASS)
    set(class ${A_CLASS})
  elseif(A_ENTITY_NAME)
    set(class ${A_ENTITY_NAME})
  endif()
  target_compile_definitions(${name} PRIVATE KOSIX_CLASS_NAME="${class}")
endfunction()
