/* SPDX-License-Identifier: Apache-2.0 */
/* CHECK says what failed, in which program and line; the last line of each is "NAME: done". */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CHECK(what)                                                                                \
	do {                                                                                       \
		errno = 0;                                                                         \
		if (!(what))                                                                       \
			fprintf(stderr, NAME ": line %d: %s (%s)\n", __LINE__, #what,              \
				strerror(errno));                                                  \
	} while (0)
