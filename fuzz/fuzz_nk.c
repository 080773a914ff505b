/* SPDX-License-Identifier: Apache-2.0 */

/*
 * IDL, CDL and EDL front end. The first byte chooses the language, the rest is
 * the text. Accepted texts are asked every question a generator would ask.
 */

#include <stdio.h>

#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask_types(struct kx_nk *nk, const struct kx_nk_unit *unit)
{
	for (const struct kx_nk_def *d = unit->defs; d; d = d->next)
		if (d->type)
			kx_nk_spelling(nk, d->type);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		for (const struct kx_nk_field *p = m->params; p; p = p->next)
			if (!kx_nk_strip(p->type) || p->offset < 24)
				__builtin_trap();
}

static void print_nowhere(struct kx_nk *nk)
{
	FILE *out = fopen("/dev/null", "w");

	if (!out)
		return;
	kx_diag_print(kx_nk_diag(nk), out, false);
	fclose(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kx_nk_unit *unit;
	struct kx_nk *nk;

	if (size == 0)
		return 0;
	nk = kx_nk_new();
	if (!nk)
		return 0;
	kx_nk_add_dir(nk, "/nonexistent");
	unit = kx_nk_load_text(nk, (enum kx_nk_kind)(data[0] % 3), "fuzz", (const char *)data + 1,
			       size - 1);
	if (unit && unit->ok)
		ask_types(nk, unit);
	if ((!unit || !unit->ok) && kx_nk_diag(nk)->errors == 0)
		__builtin_trap(); /* refused without a reason */
	print_nowhere(nk);
	kx_nk_free(nk);
	return 0;
}
