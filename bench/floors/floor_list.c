/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "floor.h"

const struct kx_subject *const kx_floors[] = {
	&kx_floor_one_line,    &kx_floor_two_line,
	&kx_floor_two_line_x,  &kx_floor_yield,
	&kx_floor_futex,       &kx_floor_pipe,
	&kx_floor_socketpair,  &kx_floor_relay_spin,
	&kx_floor_relay_futex, NULL,
};

const struct kx_subject *kx_floor_find(const char *name)
{
	for (unsigned i = 0; kx_floors[i]; i++)
		if (strcmp(kx_floors[i]->name, name) == 0)
			return kx_floors[i];
	return NULL;
}
