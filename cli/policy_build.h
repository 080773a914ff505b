/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_POLICY_BUILD_H
#define KX_CLI_POLICY_BUILD_H

/*
 * A policy given as source where a module is needed (kosix run --policy=FILE.psl,
 * kosix policy what-if): compiled into a folder of its own, as the image's own
 * policy was, so that a policy can be tried without building anything else.
 */

#include <stdbool.h>

#define KX_POLICY_WORDS 64

struct kx_policy_build {
	/* in */
	const char *policy; /* FILE.psl */
	const char *image;  /* whose policy says where EDL and used files are; may be NULL */
	bool must_be_image; /* else an init file has no such folders, which is not wrong */
	const char *dirs[KX_POLICY_WORDS]; /* -I */
	int dir_count;
	const char *defines[KX_POLICY_WORDS]; /* -D */
	int define_count;
	/* out */
	char *folder; /* holds the module; NULL: nothing was built */
	char *module;
};

struct kx_psl;

/*
 * Adds the folders where @psl looks for files: those, and the definitions, with which the
 * policy of @image was read (NULL: none), then the SDK's. To be called after -I and -D, which
 * come first. False after a message: @image @must be one and is not.
 */
bool kx_policy_read_as(struct kx_psl *psl, const char *image, bool must);

/* Whether @policy is source (ends with .psl). */
bool kx_policy_is_source(const char *policy);

/* False after messages on stderr. */
bool kx_policy_build(struct kx_policy_build *build);

/* Removes what was built. A module that is loaded stays usable. */
void kx_policy_build_clear(struct kx_policy_build *build);

#endif /* KX_CLI_POLICY_BUILD_H */
