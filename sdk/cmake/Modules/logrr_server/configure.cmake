# SPDX-License-Identifier: Apache-2.0
# create_logrr_server and connect_to_logrr_server: log records go to stderr here, so
# the server is a placeholder program and connecting to it changes nothing.
include_guard(GLOBAL)

function(create_logrr_server)
  cmake_parse_arguments(A "" "ENTITY_NAME;VFS_CONN_ID;LOG_LEVEL;RECV_CORE_LOGS;WRITE_TO_CORE;TARGET"
    "OUTPUT_CHANNELS;PACKED" ${ARGN})
  if(NOT A_ENTITY_NAME)
    message(FATAL_ERROR "kosix: create_logrr_server: ENTITY_NAME is not given")
  endif()
  if(NOT TARGET ${A_ENTITY_NAME})
    add_executable(${A_ENTITY_NAME} "${KL_SDK_ROOT_PATH}/toolchain/share/kosix/placeholder.c")
    target_compile_definitions(${A_ENTITY_NAME} PRIVATE KOSIX_CLASS_NAME="logrr.LogrrServer")
  endif()
endfunction()

function(connect_to_logrr_server)
endfunction()
