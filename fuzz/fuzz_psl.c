/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The policy compiler on any text. Classes come from tests/security/policies,
 * so that `use head._` gives a policy something to speak of. An accepted policy
 * is also written out, with its report and its tests.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "psl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(struct kx_psl *psl)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return;
	(void)kx_psl_write_module(psl, out);
	(void)kx_psl_write_tests(psl, out);
	kx_psl_report(psl, out);
	kx_psl_graph(psl, out);
	(void)fclose(out);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kx_psl *psl = kx_psl_new();
	char *text = malloc(size + 1);

	if (psl && text) {
		memcpy(text, data, size);
		text[size] = '\0';
		kx_psl_add_dir(psl, KX_POLICY_SOURCES);
		if (strstr(text, "{%"))
			kx_psl_define(psl, "BOARD=x86");
		if (kx_psl_load_text(psl, "fuzz.psl", text) && kx_psl_check(psl) &&
		    kx_psl_check_tests(psl))
			write_all(psl);
	}
	free(text);
	kx_psl_free(psl);
	return 0;
}
