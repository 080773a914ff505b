/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_IMAGE_H
#define KX_IMAGE_H

/*
 * An image: the file NAME (JSON, described in docs/sdk.md) and the folder
 * NAME.d with its content: bin/ programs, rom/ files readable at / in every
 * process, disk/ what VFS programs mount, init.yaml for people, and the policy module.
 *
 * An image is staged in NAME.d.new and put in place only when it is complete;
 * after an error the old image, if any, is as it was.
 */

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#define KX_IMAGE_FORMAT 1

/* What kosix-image create was asked for. Lists are NULL-terminated. */
struct kx_image_request {
	const char *output;
	const char *name;
	const char *version;
	const char *einit;           /* Einit program, or NULL */
	const char *init_yaml;       /* or NULL */
	const char *policy;          /* "allow-all", "deny-all" or a module file */
	const char *processes;       /* einit --json output, or NULL */
	const char *system_programs; /* lines "CLASS FILE", the file beside this one; or NULL */
	const char *depfile;         /* or NULL */
	const char *depfile_target;
	const char **files;      /* programs and rom files; the content tells them apart */
	const char **optional;   /* the same, left out when they do not exist */
	const char **disks;      /* NAME.img: disk NAME of VFS programs */
	const char **class_dirs; /* where a/b/C.edl.json is searched */
	const char **class_files;
};

/* Prints "kosix-image: ..." on stderr. Always returns false. */
bool kx_image_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* image_create.c. False: a message was printed and no image was written. */
bool kx_image_create(const struct kx_image_request *request);

/*
 * image_classes.c: the "classes" object for every class of @processes (may be
 * NULL) and every file of class_files. Paths read are appended to the JSON
 * array @read. NULL: a message was printed.
 */
json_t *kx_image_classes(const struct kx_image_request *request, const json_t *processes,
			 json_t *read);

/*
 * image_policy.c: every process of @processes is of a class that the policy of @module knows.
 * False: messages say which are not.
 */
bool kx_image_check_policy(const char *module, const json_t *processes);

/* image_check.c: every file is there with its size and checksum. Prints what is not. */
bool kx_image_check(const char *image);

/* image_check.c: a table of what is in the image. False: it cannot be read. */
bool kx_image_list(const char *image);

/* image_file.c */

#define KX_SHA256_HEX 65

struct kx_image_file {
	size_t size;
	char sha256[KX_SHA256_HEX];
};

/* Copies @from to @to with @mode and tells size and checksum; @to may be NULL. */
bool kx_image_copy(const char *from, const char *to, unsigned int mode, struct kx_image_file *info);

/* Whether @path is an ELF program (not a library). False also if it cannot be read. */
bool kx_image_is_program(const char *path);

/* Removes a folder and all below it; a missing one is fine. */
bool kx_image_remove_tree(const char *path);

#endif /* KX_IMAGE_H */
