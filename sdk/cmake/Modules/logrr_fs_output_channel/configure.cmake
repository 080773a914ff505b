# SPDX-License-Identifier: Apache-2.0
# create_logrr_fs_output_channel: a placeholder program; see logrr_server/configure.
include_guard(GLOBAL)

function(create_logrr_fs_output_channel)
  cmake_parse_arguments(A "" "ENTITY_NAME;SERVER_TARGET;VFS_CONN_ID;LOG_DIR;APP_LOG_DIR;SYS_LOG_DIR"
    "" ${ARGN})
  if(NOT A_ENTITY_NAME)
    message(FATAL_ERROR "kosix: create_logrr_fs_output_channel: ENTITY_NAME is not given")
  endif()
  if(NOT TARGET ${A_ENTITY_NAME})
    add_executable(${A_ENTITY_NAME} "${KL_SDK_ROOT_PATH}/toolchain/share/kosix/placeholder.c")
    target_compile_definitions(${A_ENTITY_NAME} PRIVATE
      KOSIX_CLASS_NAME="logrr.LogrrFsOutputChannel")
  endif()
endfunction()
