# SPDX-License-Identifier: Apache-2.0
# Images. Both build commands make the same thing: the Einit program, the policy
# module, and the image NAME (docs/sdk.md) with all programs and files in it. The
# qemu one also gets the targets that run it.
include_guard(GLOBAL)
include(platform/image_templates)
cmake_policy(PUSH)
cmake_policy(VERSION 3.20)

function(build_kos_qemu_image name)
  _kosix_image(qemu ${name} ${ARGN})
endfunction()

function(build_kos_hw_image name)
  _kosix_image(hw ${name} ${ARGN})
endfunction()

# The argument @key of image @name as an existing file.
function(_kosix_image_input name key value out)
  if(NOT value)
    message(FATAL_ERROR "kosix: image ${name}: ${key} is not given (as in ${key} security.psl.in)")
  endif()
  get_filename_component(path "${value}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  # configure_file() writes to the binary folder.
  get_filename_component(made "${value}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  if(NOT EXISTS "${path}" AND EXISTS "${made}")
    set(path "${made}")
  elseif(NOT EXISTS "${path}")
    message(FATAL_ERROR "kosix: image ${name}: ${key} names ${value}, but ${path} does not exist")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

# The programs of @dir and below that are targets so far.
function(_kosix_image_programs dir out)
  set(programs)
  get_property(targets DIRECTORY "${dir}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
      list(APPEND programs ${target})
    endif()
  endforeach()
  get_property(folders DIRECTORY "${dir}" PROPERTY SUBDIRECTORIES)
  foreach(folder ${folders})
    _kosix_image_programs("${folder}" below)
    list(APPEND programs ${below})
  endforeach()
  set(${out} "${programs}" PARENT_SCOPE)
endfunction()

# What @item of IMAGE_FILES may have been meant to be: PACKAGE::NAME is one of its package's.
function(_kosix_image_guess item out)
  if(item MATCHES "^([^:]+::)")
    set(package ${CMAKE_MATCH_1})
    set(known)
    set(dir "${CMAKE_CURRENT_SOURCE_DIR}")
    while(dir)
      get_property(targets DIRECTORY "${dir}" PROPERTY IMPORTED_TARGETS)
      list(APPEND known ${targets})
      get_property(dir DIRECTORY "${dir}" PROPERTY PARENT_DIRECTORY)
    endwhile()
    list(FILTER known INCLUDE REGEX "^${package}")
    set(what "Of ${package} there is so far")
  else()
    _kosix_image_programs("${CMAKE_SOURCE_DIR}" known)
    set(what "Programs so far")
  endif()
  string(REPLACE ";" " " known "${known}")
  if(NOT known)
    set(known "none")
  endif()
  set(${out} "${what}: ${known}" PARENT_SCOPE)
endfunction()

# Sorts what is to be in image @name: PROGRAMS (targets), FILES (paths, known now),
# OPTIONAL (paths a custom target may make), DEPENDS (what to build first).
function(_kosix_image_items name)
  set(programs)
  set(files)
  set(optional)
  set(depends)
  foreach(item ${ARGN})
    if(item MATCHES "^\\$<TARGET_FILE:([^<>]+)>$" AND TARGET "${CMAKE_MATCH_1}")
      set(item ${CMAKE_MATCH_1})
    elseif(item MATCHES "\\$<")
      list(APPEND files "${item}")
      list(APPEND depends "${item}")
      continue()
    endif()
    if(TARGET ${item})
      get_target_property(type ${item} TYPE)
      get_target_property(aliased ${item} ALIASED_TARGET)
      if(aliased)
        set(item ${aliased})
      endif()
      if(type STREQUAL "EXECUTABLE")
        list(APPEND programs ${item})
      elseif(type STREQUAL "UTILITY")
        list(APPEND optional "${CMAKE_CURRENT_BINARY_DIR}/${item}")
        list(APPEND depends ${item})
      elseif(type MATCHES "_LIBRARY$" AND NOT type MATCHES "INTERFACE|OBJECT|STATIC")
        list(APPEND files "$<TARGET_FILE:${item}>")
        list(APPEND depends ${item})
      endif()
      continue()
    endif()
    get_filename_component(path "${item}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    if(NOT EXISTS "${path}" OR IS_DIRECTORY "${path}")
      get_filename_component(path "${item}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
      get_source_file_property(generated "${path}" GENERATED)
      if(NOT generated AND (NOT EXISTS "${path}" OR IS_DIRECTORY "${path}"))
        _kosix_image_guess("${item}" known)
        message(FATAL_ERROR "kosix: image ${name}: IMAGE_FILES names \"${item}\", which is neither "
          "a target defined so far nor a file. A program must be added (add_subdirectory) before "
          "the image; a file is relative to ${CMAKE_CURRENT_SOURCE_DIR}. ${known}.")
      endif()
    endif()
    list(APPEND files "${path}")
    list(APPEND depends "${path}")
  endforeach()
  foreach(list programs files optional depends)
    list(REMOVE_DUPLICATES ${list})
    string(TOUPPER ${list} upper)
    set(ITEM_${upper} "${${list}}" PARENT_SCOPE)
  endforeach()
endfunction()

# EINIT_ENTITY of image @name must be free: it becomes a program, and the folder of its build.
function(_kosix_image_einit_free name einit)
  foreach(target ${einit} ${einit}-edl)
    if(TARGET ${target})
      message(FATAL_ERROR "kosix: image ${name}: EINIT_ENTITY names \"${einit}\", but there is already "
        "a target ${target}, maybe of another image. Give each image an EINIT_ENTITY of its own "
        "(as in EinitQemu, EinitHw); a program of the project starts it only without CONNECTIONS_CFG.")
    endif()
  endforeach()
endfunction()

# Einit from init.yaml: C file and program. @out: what kosix-image is told of both.
function(_kosix_image_einit einit work yaml out)
  _kosix_nk_includes(includes)
  set(source "${work}/${einit}.c")
  add_custom_command(OUTPUT "${source}" "${work}/processes.json"
    COMMAND "${EINIT}" ${includes} -o "${source}" --json "${work}/processes.json"
            --depfile "${work}/${einit}.d" "${yaml}"
    DEPENDS "${yaml}" "${EINIT}" DEPFILE "${work}/${einit}.d"
    COMMENT "einit ${einit}" VERBATIM)
  add_executable(${einit} "${source}")
  set(${out} --init-yaml "${yaml}" --processes "${work}/processes.json" PARENT_SCOPE)
endfunction()

# Einit is a program of the project's own (no CONNECTIONS_CFG): nobody knows which classes it
# starts, so all go into the image.
function(_kosix_image_own_einit name einit out)
  if(NOT TARGET ${einit})
    message(FATAL_ERROR "kosix: image ${name}: CONNECTIONS_CFG is not given, and EINIT_ENTITY names "
      "\"${einit}\", which is no program made so far. Give the init description (as in "
      "CONNECTIONS_CFG init.yaml.in), or add your own Einit program before the image.")
  endif()
  get_property(classes GLOBAL PROPERTY KOSIX_NK_DESCRIPTORS)
  foreach(program ${ARGN})
    _kosix_property(${program} KOSIX_CLASS class)
    string(REPLACE "." "/" class "${class}")
    if(class)
      list(APPEND classes "${KOSIX_SYSROOT}/include/${class}.edl.json")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES classes)
  list(TRANSFORM classes PREPEND "--class=")
  set(${out} "${classes}" PARENT_SCOPE)
endfunction()

# The EDL of Einit, compiled.
function(_kosix_image_einit_edl einit work)
  _kosix_nk_includes(includes)
  file(CONFIGURE OUTPUT "${work}/Einit.edl" CONTENT "entity Einit\n" @ONLY)
  add_custom_command(OUTPUT "${work}/Einit.edl.h"
    COMMAND "${NK}" ${includes} -o "${work}" "${work}/Einit.edl"
    DEPENDS "${work}/Einit.edl" "${NK}" COMMENT "nk-gen-c Einit.edl" VERBATIM)
  string(MAKE_C_IDENTIFIER "${einit}_edl" symbol)
  file(CONFIGURE OUTPUT "${work}/Einit_edl.c" CONTENT
    "#include \"Einit.edl.h\"\nextern int ${symbol};\nint ${symbol};\n" @ONLY)
  add_library(${einit}-edl STATIC "${work}/Einit_edl.c" "${work}/Einit.edl.h")
  target_include_directories(${einit}-edl SYSTEM PRIVATE "${work}")
  add_custom_target(${einit}-kss-entities-built)
endfunction()

# Where "use a.b._" finds a/b.psl: beside the policy, what configure_file() made, and
# the folders from which projects name their resources.
function(_kosix_policy_dirs out work policy_dir)
  set(dirs "${work}" "${policy_dir}" "${CMAKE_CURRENT_BINARY_DIR}"
    "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_BINARY_DIR}" "${CMAKE_SOURCE_DIR}")
  list(REMOVE_DUPLICATES dirs)
  list(TRANSFORM dirs PREPEND "-I")
  set(${out} "${dirs}" PARENT_SCOPE)
endfunction()

# Whether @made, which was made from @written, has its lines: then messages can name @written. The
# value of a variable may have several, and those behind it would be numbered wrongly.
function(_kosix_same_lines written made out)
  foreach(file written made)
    file(READ "${${file}}" text)
    string(REGEX REPLACE "[^\n]+|\n+$" "" ${file}_lines "${text}")
  endforeach()
  set(${out} FALSE PARENT_SCOPE)
  if(written_lines STREQUAL made_lines)
    set(${out} TRUE PARENT_SCOPE)
  endif()
endfunction()

# Options by which messages of nk-psl-gen-c name @written, from which @made was made.
function(_kosix_policy_source out written made)
  set(${out} "" PARENT_SCOPE)
  _kosix_same_lines("${written}" "${made}" same)
  if(same)
    set(${out} --source "${written}" PARENT_SCOPE)
  endif()
endfunction()

# --preprocessor-* options of the image's GINGER_ arguments; nothing without GINGER_ENABLE.
function(_kosix_image_ginger out)
  set(flags)
  if(A_GINGER_ENABLE)
    set(flags --enable-preprocessor)
    foreach(definition ${A_GINGER_DEFINITIONS})
      list(APPEND flags --preprocessor-definition "${definition}")
    endforeach()
  endif()
  set(${out} "${flags}" PARENT_SCOPE)
endfunction()

# init.yaml in @work from init.yaml.internal, which was made from @written: generator
# expressions (their values, not known yet, may have several lines, too), then {% if %}.
function(_kosix_image_init einit work written)
  _kosix_image_ginger(flags)
  _kosix_same_lines("${written}" "${work}/init.yaml.internal" same)
  file(READ "${work}/init.yaml.internal" text)
  file(REMOVE "${work}/init.yaml.from")
  if(NOT flags)
    file(GENERATE OUTPUT "${work}/init.yaml" INPUT "${work}/init.yaml.internal")
    if(same AND NOT text MATCHES "\\$<")
      file(WRITE "${work}/init.yaml.from" "${written}\n")
    endif()
    return()
  endif()
  file(GENERATE OUTPUT "${work}/init.yaml.ginger" INPUT "${work}/init.yaml.internal")
  add_custom_command(OUTPUT "${work}/init.yaml"
    COMMAND "${NK_PSL}" ${flags} --preprocess-only -o "${work}/init.yaml"
            "${work}/init.yaml.ginger"
    DEPENDS "${work}/init.yaml.ginger" "${NK_PSL}"
    COMMENT "Expanding the init description of ${einit}" VERBATIM)
endfunction()

# The policy module, or "allow-all" while the SDK has no PSL compiler.
function(_kosix_image_policy einit work psl out)
  if(NOT EXISTS "${NK_PSL}")
    get_property(said GLOBAL PROPERTY KOSIX_POLICY_SAID)
    if(NOT said)
      set_property(GLOBAL PROPERTY KOSIX_POLICY_SAID TRUE)
      message(STATUS "kosix: this SDK has no nk-psl-gen-c; images get the policy allow-all")
    endif()
    add_custom_target(${einit}-kss-makekss-output)
    set(${out} allow-all PARENT_SCOPE)
    return()
  endif()
  _kosix_nk_includes(includes)
  set(source "${work}/security.psl.c")
  _kosix_image_ginger(preprocess)
  # Copies of nk sources first: a policy may name a class that is made only by a rule.
  get_property(sources GLOBAL PROPERTY KOSIX_NK_COPIES)
  _kosix_policy_dirs(dirs "${work}" "${policy_dir}")
  _kosix_policy_source(named "${policy}" "${psl}")
  add_custom_command(OUTPUT "${source}"
    COMMAND "${NK_PSL}" ${dirs} ${includes} ${preprocess} ${named}
            --depfile "${source}.d" -o "${source}" "${psl}"
    DEPENDS "${psl}" "${NK_PSL}" ${sources} DEPFILE "${source}.d"
    COMMENT "nk-psl-gen-c ${einit}" VERBATIM)
  set(module "${work}/ksm.module")
  add_custom_command(OUTPUT "${module}"
    COMMAND "${CMAKE_C_COMPILER}" -O2 -w -lksm_kss "${source}" -o "${module}"
    DEPENDS "${source}" "${KOSIX_SYSROOT}/lib/libksm_kss.a" COMMENT "Building the security module of ${einit}" VERBATIM)
  add_custom_target(${einit}-kss-makekss-output DEPENDS "${module}")
  if(TARGET kosix-nk-headers)
    add_dependencies(${einit}-kss-makekss-output kosix-nk-headers)
  endif()
  set(${out} "${module}" PARENT_SCOPE)
endfunction()

# Targets that run image @name: <name>-sim and friends, and the short names once. QEMU's
# stand-in takes disks from the flags.
function(_kosix_image_run name image)
  separate_arguments(env UNIX_COMMAND "${A_QEMU_ENV}")
  separate_arguments(flags UNIX_COMMAND "${A_QEMU_FLAGS}")
  if(A_QEMU_SD_IMAGE)
    list(APPEND flags -sd "${A_QEMU_SD_IMAGE}")
  endif()
  set(run ${CMAKE_COMMAND} -E env ${env} "${KOSIX_TOOLS}/qemu-system-aarch64" ${flags}
    -kernel "${image}")
  set(missing "")
  if(NOT GDB)
    set(missing "gdb is not installed here (apt install gdb). ")
  endif()
  set(attach ${CMAKE_COMMAND} -E echo
    "${missing}Run the target gdbsim with KOSIX_RUN_ARGS=--debugger=ENTITY, find the process with `kosix ps`, attach with `gdb -p PID`.")
  foreach(kind sim gdbsim gdb cgdb ext_debug)
    set(command ${attach})
    if(kind MATCHES "sim$")
      set(command ${run})
    endif()
    foreach(target ${name}-${kind} ${kind})
      if(TARGET ${target})
        continue()
      endif()
      add_custom_target(${target} COMMAND ${command} USES_TERMINAL VERBATIM
        COMMENT "Running ${name} with kosix...")
      if(kind MATCHES "sim$")
        add_dependencies(${target} ${name} ${A_QEMU_DEPENDENCIES})
      endif()
    endforeach()
  endforeach()
endfunction()

# When all targets are known: @word, left out as the value of @argument, was none.
function(_kosix_image_left_out name argument word)
  if(TARGET "${word}")
    message(FATAL_ERROR "kosix: image ${name}: argument ${argument} is not known here, and the "
      "program ${word} behind it was left out. Name it in IMAGE_FILES, and add it "
      "(add_subdirectory) before the image.")
  endif()
endfunction()

# What is left of the words @ARGN behind no known argument: programs and files. Arguments
# of other SDKs, and their values, are said and left out.
function(_kosix_image_rest name out)
  set(rest)
  set(unknown)
  foreach(word ${ARGN})
    get_filename_component(here "${word}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    if(TARGET "${word}" OR EXISTS "${here}")
      list(APPEND rest "${word}")
      set(unknown)
    elseif(word MATCHES "^(TRUE|FALSE|ON|OFF|YES|NO)$")
      set(unknown)
    elseif(word MATCHES "^[A-Z][A-Z0-9]*_[A-Z0-9_]+$")
      message(WARNING "kosix: image ${name}: argument ${word} is not known here and has no effect")
      set(unknown ${word})
    elseif(unknown)
      message(WARNING "kosix: image ${name}: \"${word}\" is taken for the value of ${unknown} and left out")
      cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [[${CMAKE_SOURCE_DIR}]]
        CALL _kosix_image_left_out [[${name}]] [[${unknown}]] [[${word}]])")
      set(unknown)
    else()
      list(APPEND rest "${word}")
    endif()
  endforeach()
  set(${out} "${rest}" PARENT_SCOPE)
endfunction()

function(_kosix_image kind name)
  cmake_parse_arguments(A "PACK_DEPS;NO_AUTO_BLOB_CONTAINER;PERFCNT_KERNEL;GDBSTUB_KERNEL"
    "EINIT_ENTITY;CONNECTIONS_CFG;SECURITY_PSL;KLOG_ENTITY;QEMU_FLAGS;QEMU_ENV;QEMU_SD_IMAGE;\
QEMU_USER_NETWORK_FLAGS;PACK_DEPS_COPY_ONLY;PACK_DEPS_LIBS_PATH;PACK_DEPS_COPY_TARGET;\
EXTRA_XDL_DIR;IMAGE_BINARY_DIR_BIN;GINGER_ENABLE"
    "IMAGE_FILES;EINIT_DEPS;QEMU_DEPENDENCIES;PACK_DEPS_EXTRA_LIBRARIES;GINGER_DEFINITIONS" ${ARGN})
  if(NOT A_EINIT_ENTITY)
    message(FATAL_ERROR "kosix: image ${name}: EINIT_ENTITY is not given (as in EINIT_ENTITY EinitQemu)")
  endif()
  if(TARGET ${name})
    message(FATAL_ERROR "kosix: image ${name}: there is already a target of this name; give the image "
      "or the other target another one")
  endif()
  _kosix_image_input(${name} SECURITY_PSL "${A_SECURITY_PSL}" policy)
  set(einit ${A_EINIT_ENTITY})
  set(work "${CMAKE_CURRENT_BINARY_DIR}/${einit}-kss")
  set(image "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  _kosix_image_rest(${name} rest ${A_UNPARSED_ARGUMENTS})
  set(items ${A_IMAGE_FILES} ${rest} ${A_KLOG_ENTITY} ${A_PACK_DEPS_EXTRA_LIBRARIES})

  _kosix_image_closure(all_items ${items})
  _kosix_image_items(${name} ${all_items})
  _kosix_expand("${policy}" psl "${work}/security.psl" ${ITEM_PROGRAMS})
  get_filename_component(policy_dir "${policy}" DIRECTORY)
  if(A_EXTRA_XDL_DIR)
    list(APPEND KOSIX_NK_INCLUDE_DIRS "${A_EXTRA_XDL_DIR}")
  endif()

  if(A_CONNECTIONS_CFG)
    _kosix_image_einit_free(${name} ${einit})
    _kosix_image_input(${name} CONNECTIONS_CFG "${A_CONNECTIONS_CFG}" connections)
    _kosix_expand("${connections}" yaml "${work}/init.yaml.internal" ${ITEM_PROGRAMS})
    _kosix_image_init(${einit} "${work}" "${connections}")
    _kosix_image_einit(${einit} "${work}" "${work}/init.yaml" start)
    set(started "${work}/processes.json" "${work}/init.yaml")
  else()
    _kosix_image_own_einit(${name} ${einit} start ${ITEM_PROGRAMS})
    set(started)
  endif()
  _kosix_image_einit_edl(${einit} "${work}")
  _kosix_image_policy(${einit} "${work}" "${work}/security.psl" module)
  set(files ${ITEM_FILES})
  set(depends ${ITEM_DEPENDS} ${A_QEMU_DEPENDENCIES} ${A_EINIT_DEPS})
  foreach(program ${ITEM_PROGRAMS})
    list(APPEND files "$<TARGET_FILE:${program}>")
    get_target_property(imported ${program} IMPORTED)
    if(imported)
      list(APPEND depends "$<TARGET_FILE:${program}>")
    else()
      list(APPEND depends ${program})
      add_dependencies(${einit}-kss-entities-built ${program})
    endif()
  endforeach()
  set(optional)
  foreach(file ${ITEM_OPTIONAL})
    list(APPEND optional --optional "${file}")
  endforeach()
  if(NOT module STREQUAL "allow-all")
    list(APPEND depends "${module}")
  endif()

  set(disks "$<TARGET_PROPERTY:${name},KOSIX_DISKS>") # of build_sd_image
  add_custom_command(OUTPUT "${work}/${name}.stamp"
    COMMAND "${KOSIX_TOOLS}/kosix-image" create -o "${image}" --image-version
            "${CMAKE_SYSTEM_VERSION}" --einit "$<TARGET_FILE:${einit}>" ${start} --policy "${module}"
            --class-dir "${CMAKE_BINARY_DIR}/_headers_" --class-dir "${KOSIX_SYSROOT}/include"
            --system-programs "${KOSIX_SYSROOT}/bin/system-programs"
            --depfile "${work}/${name}.d" --depfile-target "${work}/${name}.stamp"
            ${optional} "$<$<BOOL:${disks}>:--disk;$<JOIN:${disks},;--disk;>>" -- ${files}
    COMMAND ${CMAKE_COMMAND} -E touch "${work}/${name}.stamp"
    DEPENDS ${einit} ${started} ${depends}
            "${KOSIX_TOOLS}/kosix-image"
    DEPFILE "${work}/${name}.d" COMMENT "Making image ${name}" COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${name} ALL DEPENDS "${work}/${name}.stamp")
  add_dependencies(${name} ${einit} ${einit}-edl ${einit}-kss-makekss-output kosix-nk-headers)
  add_custom_target(GET_BUILD_ID_${name})
  if(A_PACK_DEPS_COPY_TARGET AND NOT TARGET ${A_PACK_DEPS_COPY_TARGET})
    add_custom_target(${A_PACK_DEPS_COPY_TARGET})
  endif()
  if(kind STREQUAL "qemu")
    _kosix_image_run(${name} "${image}")
  endif()
endfunction()

# build_sd_image(NAME KOS_IMAGE_TARGET t [IMAGE_FS dir]): the image t, with the content of
# dir as the card that VFS programs find as mmc0. There is no card to write.
function(build_sd_image name)
  cmake_parse_arguments(A "" "KOS_IMAGE_TARGET;IMAGE_FS" "" ${ARGN})
  if(NOT TARGET "${A_KOS_IMAGE_TARGET}")
    message(FATAL_ERROR "kosix: build_sd_image(${name}): KOS_IMAGE_TARGET names "
      "\"${A_KOS_IMAGE_TARGET}\", which is no image made so far; put build_kos_hw_image before it")
  endif()
  add_custom_target(${name})
  add_dependencies(${name} ${A_KOS_IMAGE_TARGET})
  get_filename_component(folder "${A_IMAGE_FS}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  if(NOT A_IMAGE_FS)
    return()
  elseif(NOT IS_DIRECTORY "${folder}")
    message(FATAL_ERROR "kosix: build_sd_image(${name}): IMAGE_FS names ${A_IMAGE_FS}, but "
      "${folder} is no folder")
  endif()
  set(disk "${CMAKE_CURRENT_BINARY_DIR}/${name}-disk/mmc0.img")
  file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${name}-disk")
  file(GLOB_RECURSE content CONFIGURE_DEPENDS "${folder}/*")
  add_custom_command(OUTPUT "${disk}"
    COMMAND "${KL_SDK_ROOT_PATH}/common/prepare_hdd_img.sh" -d "${folder}" -img "${disk}"
    COMMAND ${CMAKE_COMMAND} -E touch "${disk}"
    DEPENDS ${content} COMMENT "Packing ${A_IMAGE_FS} for ${A_KOS_IMAGE_TARGET}" VERBATIM)
  add_custom_target(${name}-disk DEPENDS "${disk}")
  add_dependencies(${A_KOS_IMAGE_TARGET} ${name}-disk)
  set_property(TARGET ${A_KOS_IMAGE_TARGET} APPEND PROPERTY KOSIX_DISKS "${disk}")
endfunction()

cmake_policy(POP)
