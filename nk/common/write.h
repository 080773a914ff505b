/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NK_WRITE_H
#define KX_NK_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "diag.h"
#include "pool.h"

/*
 * An output file that replaces @path at once when it is complete: readers see the old
 * file or the new one, and a failure leaves the old. What is no file, as /dev/null, is
 * written to and stays what it is.
 */
struct kx_write {
	FILE *file; /* what is written here becomes the content; one thread only */
	const char *path;
	const char *part; /* where it is written */
};

/* Begins to replace @path. False: errno says why. */
bool kx_write_open(struct kx_pool *pool, struct kx_write *write, const char *path);

/* Ends it; false if it is incomplete, now or before (errno): a regular file has not changed. */
bool kx_write_close(struct kx_write *write);

/* Removes the output of an earlier run, if it is a regular file. */
void kx_write_remove(const char *path);

/* The same two, 0, or -1 and a message in @diag. */
int kx_write_begin(struct kx_diag *diag, struct kx_write *write, const char *path);
int kx_write_end(struct kx_diag *diag, struct kx_write *write);

/* Both, for a content of @len bytes. */
int kx_write_file(struct kx_diag *diag, const char *path, const char *bytes, size_t len);

/* NULL: @file took all that was written so far. Else why not. */
const char *kx_write_fault(FILE *file);

/* The same, and closes it. */
const char *kx_write_fclose(FILE *file);

/*
 * At the end of a program: @status, or 1 and a message of @tool where standard output could not
 * be written. Nothing is said of a pipe that nobody reads any more.
 */
int kx_write_finish(const char *tool, int status);

#endif /* KX_NK_WRITE_H */
