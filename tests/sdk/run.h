/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_SDK_RUN_H
#define KX_TEST_SDK_RUN_H

/*
 * Runs tools as a person would and keeps what they said. Each test program works
 * in a folder of its own below the build folder, emptied at the start.
 */

#include <stdbool.h>
#include <stddef.h>

#define RUN_TEXT_MAX 65536

struct run {
	int status;              /* exit status; 128 + signal number after a signal */
	char text[RUN_TEXT_MAX]; /* stdout and stderr together, zero-terminated */
};

/* Runs a shell command line in the work folder. Ends the test if it cannot. */
void run(struct run *result, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes the work folder @path empty and current. */
void run_in(const char *path);

/* Writes a file below the work folder, with the folders it needs. */
void put_file(const char *path, const char *text);

/* The content of a file; the caller frees it. Fails the test if it is not there. */
char *get_file(const char *path);

bool file_exists(const char *path);

/* Whether @text has @first, and behind its beginning @then. */
bool in_order(const char *text, const char *first, const char *then);

#endif /* KX_TEST_SDK_RUN_H */
