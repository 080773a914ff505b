/* SPDX-License-Identifier: Apache-2.0 */

/*
 * einit: any text as an init description. Classes come from no folder, so what is
 * read and resolved goes to the graph and JSON writers, which need none.
 */

#include <stdio.h>

#include "einit_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_results(const struct kx_einit *einit)
{
	FILE *nowhere = fopen("/dev/null", "w");

	if (!nowhere)
		return;
	if (!einit->diag->errors) {
		kx_einit_write_dot(einit, nowhere);
		kx_einit_write_json(einit, nowhere);
	}
	kx_diag_print(einit->diag, nowhere, false);
	fclose(nowhere);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kx_nk *nk = kx_nk_new();
	struct kx_einit einit = {0};

	if (!nk)
		return 0;
	einit.pool = kx_nk_pool(nk);
	einit.diag = kx_nk_diag(nk);
	einit.source.name = "init.yaml";
	einit.source.text = kx_pool_text(einit.pool, (const char *)data, size);
	einit.source.len = size;
	kx_einit_read(&einit);
	if (!einit.diag->errors)
		kx_einit_resolve(&einit);
	write_results(&einit);
	kx_nk_free(nk);
	return 0;
}
