/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_IMAGE_H
#define KX_IMAGE_H

/*
 * An image: a JSON manifest NAME with its content in the folder NAME.d/.
 *
 *   { "kosix-image": 1, "name": ..., "version": ...,
 *     "start":   {"einit": PROGRAM} | {"init": FILE},
 *     "policy":  "allow-all" | "deny-all" | "FILE.so",
 *     "classes": {CLASS: {"endpoints": [...]}},         kernel/objects/class.c
 *     "files":   {PATH: {"size": N, "sha256": HEX}} }   relative to NAME.d/
 *
 * Programs are in NAME.d/bin/, read-only files of entities in NAME.d/rom/.
 * Reading an image checks that every listed file is there with its size and
 * checksum, and fills the registry with the classes.
 */

#include <stdbool.h>

#include "diagnostics.h"

#define KX_IMAGE_FORMAT     1
#define KX_EXIT_NOT_STARTED 3 /* status of a kernel process that has started nothing */

struct kx_image {
	char *name;
	char *version;
	char *folder;   /* NAME.d */
	char *programs; /* where the programs are */
	char *einit;    /* program of the Einit entity, or NULL */
	char *init;     /* path of an init file, or NULL */
	char *policy;   /* built-in name, or path of a shared object */
};

/*
 * Reads @path: an image, or (anything that does not begin with "{") an init
 * file, whose programs are looked for beside it, whose policy is allow-all and
 * whose name is the file's with the number of this process.
 * Blocks on the disk. Returns 0, or -1 with the errors in @diagnostics. Without memory for the
 * manifest it ends the process with KX_EXIT_NOT_STARTED and a line.
 */
int kx_image_read(const char *path, struct kx_image *image, struct kx_diagnostics *diagnostics);

void kx_image_clear(struct kx_image *image);

#endif /* KX_IMAGE_H */
