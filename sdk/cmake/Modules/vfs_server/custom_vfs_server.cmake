# SPDX-License-Identifier: Apache-2.0
# create_custom_vfs_server(NAME ...): a VFS program of the project's own. Files and
# sockets are served by the kernel process here, so it is the SDK's VFS placeholder
# under the project's class, which the project's EDL declares.
include_guard(GLOBAL)
include(platform/nk)

function(create_custom_vfs_server name)
  cmake_parse_arguments(A "" "ENTITY_NAME;CLASS" "LIBRARIES;SOURCES" ${ARGN})
  if(TARGET ${name})
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
