# SPDX-License-Identifier: Apache-2.0
# One place for flags. A target gets them by linking kx_flags, never by
# touching CMAKE_C_FLAGS.
add_library(kx_flags INTERFACE)
# With the checks of a sanitizer between them, gcc no longer sees that a size was refused.
set(kx_gcc_sanitized $<AND:$<C_COMPILER_ID:GNU>,$<BOOL:${KX_SANITIZE}>>)
set(kx_sanitize_quiet $<${kx_gcc_sanitized}:-Wno-stringop-overflow> $<${kx_gcc_sanitized}:-Wno-stringop-overread>
  $<${kx_gcc_sanitized}:-Wno-array-bounds>
  $<${kx_gcc_sanitized}:-Wno-format-overflow>
  $<${kx_gcc_sanitized}:-Wno-format-truncation>)
target_compile_definitions(kx_flags INTERFACE _GNU_SOURCE)
target_compile_options(kx_flags INTERFACE
  -Wall -Wextra -Wshadow -Wvla -Wundef -Wpointer-arith
  $<$<BOOL:${KX_WERROR}>:-Werror>
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
  $<$<BOOL:${KX_SANITIZE}>:-fsanitize=$<JOIN:${KX_SANITIZE},$<COMMA>>>
  $<$<BOOL:${KX_SANITIZE}>:-fno-omit-frame-pointer>
  # gcc warns that TSan does not see fences; the edges that need them are model-checked.
  $<$<AND:$<C_COMPILER_ID:GNU>,$<STREQUAL:${KX_SANITIZE},thread>>:-Wno-tsan>
  ${kx_sanitize_quiet}
  $<$<BOOL:${KX_COVERAGE}>:--coverage>
  $<$<BOOL:${KX_FUZZ}>:-fsanitize=fuzzer-no-link>)
target_link_options(kx_flags INTERFACE
  $<$<BOOL:${KX_COVERAGE}>:--coverage>
  $<$<BOOL:${KX_SANITIZE}>:-fsanitize=$<JOIN:${KX_SANITIZE},$<COMMA>>>)

# kx_library(<name> SOURCES ... PUBLIC_DEPS ... DEPS ...)
function(kx_library name)
  cmake_parse_arguments(A "" "" "SOURCES;PUBLIC_DEPS;DEPS" ${ARGN})
  add_library(${name} STATIC ${A_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${A_PUBLIC_DEPS} PRIVATE kx_flags ${A_DEPS})
endfunction()

# kx_test(<name> LABEL quick|ipc|system|compat|threads|killpoint... LIBS ... [TIMEOUT s]) builds and
# registers <name>.c of the calling folder. TIMEOUT is what it may take on a machine that
# does nothing else; what ends a hang is three times that, with a sanitizer nine times.
add_custom_target(kx_quick_tests) # those with that label, for tools/coverage
function(kx_test name)
  cmake_parse_arguments(A "" "TIMEOUT" "LABEL;LIBS;SOURCES" ${ARGN})
  if(A_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "kx_test(${name}): unknown: ${A_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${name} ${name}.c ${A_SOURCES})
  if(A_LABEL MATCHES quick)
    add_dependencies(kx_quick_tests ${name})
  endif()
  target_link_libraries(${name} PRIVATE kx_flags cmocka ${A_LIBS})
  add_test(NAME ${name} COMMAND ${name})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 30)
  endif()
  math(EXPR A_TIMEOUT "3 * ${A_TIMEOUT}")
  if(KX_SANITIZE)
    math(EXPR A_TIMEOUT "3 * ${A_TIMEOUT}")
  endif()
  set_tests_properties(${name} PROPERTIES
    LABELS "${A_LABEL}" TIMEOUT ${A_TIMEOUT} SKIP_RETURN_CODE 77)
endfunction()

# kx_unwound(<target>...): code that stands on stacks which pthread_cancel() or
# pthread_exit() unwinds. gcc's ASan leaves the marks of such frames behind and takes what
# runs there next for an overflow: no marks round variables there; all else is checked.
function(kx_unwound)
  if(NOT KX_SANITIZE MATCHES address)
    return()
  endif()
  foreach(target ${ARGN})
    target_compile_options(${target} PRIVATE
      $<$<C_COMPILER_ID:GNU>:--param=asan-stack=0> $<$<C_COMPILER_ID:Clang>:-mllvm;-asan-stack=0>)
  endforeach()
endfunction()

# kx_hot(<target>...): code on the path of every call. The gain is
# within the noise of the runs made so far (0 to 10 % of a null call).
function(kx_hot)
  foreach(target ${ARGN})
    target_compile_options(${target} PRIVATE -fno-semantic-interposition -ftls-model=initial-exec
      $<$<NOT:$<CONFIG:Debug>>:-O3>)
  endforeach()
endfunction()

# kx_campaign(NAME n TIERS TPN LIMIT s [ALONE] COMMAND program argument...) makes it known to
# prove/run; see prove/README.md.
function(kx_campaign)
  cmake_parse_arguments(A "ALONE" "NAME;TIERS;LIMIT" "COMMAND" ${ARGN})
  set(alone no)
  if(A_ALONE)
    set(alone yes)
  endif()
  list(TRANSFORM A_COMMAND PREPEND "'" OUTPUT_VARIABLE quoted)
  list(TRANSFORM quoted APPEND "'")
  list(JOIN quoted " " quoted)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/prove/campaigns.d/${A_NAME}
    CONTENT "TIERS=${A_TIERS}\nLIMIT=${A_LIMIT}\nALONE=${alone}\nCOMMAND=\"${quoted}\"\n")
  if(A_TIERS MATCHES "T" AND BUILD_TESTING)
    add_test(NAME prove_${A_NAME} COMMAND ${A_COMMAND} --seed 1 --tier T)
    set_tests_properties(prove_${A_NAME} PROPERTIES LABELS prove TIMEOUT 120 SKIP_RETURN_CODE 77)
  endif()
endfunction()

# kx_nk_headers(<variable> FROM folder TO folder FILES a/B.idl... [INCLUDE folder]): what nk-gen-c makes
# of files below FROM, below TO; <variable> lists it. Each may import the others, and what is below INCLUDE.
# (Ninja does not take the rules that nk-gen-c writes: KasperskyOS's, which name a .c file first.)
function(kx_nk_headers variable)
  cmake_parse_arguments(A "" "FROM;TO;INCLUDE" "FILES" ${ARGN})
  list(TRANSFORM A_FILES PREPEND ${A_FROM}/ OUTPUT_VARIABLE sources)
  if(A_INCLUDE)
    file(GLOB_RECURSE included CONFIGURE_DEPENDS ${A_INCLUDE}/*.idl ${A_INCLUDE}/*.cdl)
    list(APPEND sources ${included})
  endif()
  set(headers)
  foreach(file ${A_FILES})
    get_filename_component(folder ${A_TO}/${file} DIRECTORY)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${A_TO}/${file}.h
      COMMAND nk-gen-c -I ${A_FROM} $<$<BOOL:${A_INCLUDE}>:-I${A_INCLUDE}> -o ${folder}
        ${A_FROM}/${file}
      DEPENDS nk-gen-c ${sources} COMMAND_EXPAND_LISTS VERBATIM)
    list(APPEND headers ${A_TO}/${file}.h)
  endforeach()
  set(${variable} ${headers} PARENT_SCOPE)
endfunction()
