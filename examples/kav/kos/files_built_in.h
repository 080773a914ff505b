/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_FILES_BUILT_IN_H
#define KX_KAV_FILES_BUILT_IN_H

/* The table of files in the scanner's program, ended by a NULL name; written by make_data.cmake. */

#include <stddef.h>

struct kx_kav_built_in {
	const char *name;
	const unsigned char *bytes;
	size_t len;
};

extern const struct kx_kav_built_in kx_kav_built_in[];

#endif /* KX_KAV_FILES_BUILT_IN_H */
