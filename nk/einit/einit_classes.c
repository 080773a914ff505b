/* SPDX-License-Identifier: Apache-2.0 */

/* Where einit meets the IDL/CDL/EDL front end: each process needs its EDL. */

#include "einit_model.h"

void kx_einit_classes(struct kx_einit *einit, struct kx_nk *nk)
{
	size_t i;

	for (i = 0; i < einit->count; i++) {
		struct kx_einit_task *task = einit->sorted[i];

		task->class_unit = kx_nk_find(nk, KX_NK_EDL, task->class_name, &task->class_loc);
		if (task->class_unit && !task->class_unit->ok && !einit->diag->errors)
			kx_error(einit->diag, &task->class_loc, "the EDL of class '%s' has errors",
				 task->class_name);
	}
}
