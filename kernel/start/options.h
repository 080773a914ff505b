/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_OPTIONS_H
#define KX_OPTIONS_H

/*
 * Command line of kosix-kernel. `kosix run` passes the same options through, so
 * both use these names.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isolation/profile.h"

struct kx_options {
	const char *image;
	const char *name;   /* of the command socket; NULL: the image's */
	const char *policy; /* NULL: the image's */
	const char *audit;  /* file for audit records; NULL: none */
	int audit_level;    /* -1: the policy's */
	const char *record; /* file for all events; NULL: none */
	enum kx_isolation_level isolation;
	bool mediate_all;
	bool spin_off;
	uint32_t message_max;
	int report_fd; /* -1: none */
	int help;      /* 1: --help or --version was answered */
};

/* Returns 0, or -1 with the reason in @error. Tool options go to kx_tool_choose(). */
int kx_options_read(int argc, char **argv, struct kx_options *options, char *error, size_t size);

#endif /* KX_OPTIONS_H */
