/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_SDK_PROJECT_H
#define KX_TEST_SDK_PROJECT_H

/* Configuring, building and running projects with the SDK installed in TEST_SDK. */

#include "run.h"

#define TOOLCHAIN TEST_SDK "/toolchain/share/toolchain-aarch64-kos"
#define CMAKE     TEST_SDK "/toolchain/bin/cmake"

/* Configures as public scripts do: an unset prefix gives a find root that is not there. */
#define CONFIGURE(generator, suffix)                                                               \
	"'" CMAKE "' -G '" generator "' -B build -D CMAKE_BUILD_TYPE:STRING=Debug "                \
	"-D CMAKE_INSTALL_PREFIX:STRING=$PWD/install "                                             \
	"-D CMAKE_FIND_ROOT_PATH=/sysroot-aarch64-kos "                                            \
	"-D CMAKE_TOOLCHAIN_FILE='" TOOLCHAIN suffix ".cmake' ."

/* What the last command said. */
extern struct run r;

/* Fails the test unless the last command ended with 0, or said @text. */
void must(const char *what);
void must_say(const char *text);

/*
 * The same for errors and warnings of CMake, which are broken into lines by the length of
 * the paths in them: any blanks are one.
 */
void cmake_must_say(const char *text);

/* Makes the work folder a copy of tests/projects/@name. */
void copy_project(const char *name);

/* The same, configured and built. */
void build_project(const char *name);

/*
 * Runs an image until it has said every one of @texts, a list of words for the shell;
 * entities that serve for ever are then ended. What is not among them may be missing:
 * entities run beside each other, and none waits for another that it does not call.
 */
void run_image(const char *image, const char *texts);

/* Until no entity can go on; what they print is compared as sorted lines. */
void run_to_idle(const char *image);

#endif /* KX_TEST_SDK_PROJECT_H */
