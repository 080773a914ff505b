/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SYSTEM_FOLDER_H
#define KX_SYSTEM_FOLDER_H

/*
 * A folder of its own for each test, with an init file and programs beside it, and
 * kernel processes that run on them. For tests of what cannot start.
 */

#include "rig.h"

#define NOT_STARTED 3

#define TEXT(literal) literal, sizeof(literal) - 1

/* An init file with one entity, which says IDLE. */
#define PROGRAM(path) TEXT("entities:\n- {name: A, path: " path ", args: [alone, x]}\n")

extern char folder[128];

/* Setup and teardown of a test. */
int folder_make(void **state);
int folder_remove(void **state);

void in_folder(char *path, size_t size, const char *name);
void put(const char *name, const char *text, size_t length, mode_t mode);

/* Runs the kernel process on @file of the folder and waits for its end. */
void run_file(struct rig *rig, const char *file, const char *const options[]);

/* It said why, naming @place and @text, and ended with NOT_STARTED. */
void expect_refused(struct rig *rig, const char *what, const char *place, const char *text);

#endif /* KX_SYSTEM_FOLDER_H */
