/* SPDX-License-Identifier: Apache-2.0 */

/*
 * IDL, CDL and EDL front end. The first byte chooses the language, the rest is
 * the text. What is accepted goes through the generators too.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void generate(struct kx_nk *nk, const struct kx_nk_unit *unit, FILE *nowhere)
{
	const struct kx_gen_options options = {.parts = KX_GEN_DEFAULT | KX_GEN_REFL,
					       .extended_errors = true};
	const struct kx_gen_options cxx = {
		.parts = KX_GEN_DEFAULT, .extended_errors = true, .cxx = true};

	kx_gen_header(nk, unit, &options, nowhere);
	kx_gen_header(nk, unit, &cxx, nowhere);
	free(kx_nk_dump_json(nk, unit));
	if (unit->kind != KX_NK_IDL)
		free(kx_nk_descriptors_json(nk, unit));
}

static void check(struct kx_nk *nk, const struct kx_nk_unit *unit)
{
	FILE *nowhere = fopen("/dev/null", "w");

	if (!nowhere)
		return;
	if (unit && unit->ok)
		generate(nk, unit, nowhere);
	else if (kx_nk_diag(nk)->errors == 0)
		__builtin_trap(); /* refused without a reason */
	kx_diag_print(kx_nk_diag(nk), nowhere, false);
	fclose(nowhere);
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
	check(nk, unit);
	kx_nk_free(nk);
	return 0;
}
