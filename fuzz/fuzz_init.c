/* SPDX-License-Identifier: Apache-2.0 */

/* The kernel process reads any file as an init description (einit's reader is fuzz_einit). */

#include "fuzz.h"
#include "init.h"
#include "memory_file.h"

/* What the starter of a solution relies on. */
static void check(const struct kx_init *init)
{
	for (size_t i = 0; i < init->count; i++) {
		const struct kx_init_entity *entity = &init->entities[i];

		fuzz_require(entity->class_name && entity->task && entity->path);
		fuzz_require(strlen(entity->task) < KX_NAME_MAX);
		fuzz_require(init->order[i] < init->count);
		for (size_t c = 0; c < entity->connection_count; c++)
			fuzz_require(entity->connections[c].server < init->count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_init init = {0};

	if (kx_init_read(fuzz_memory_file(data, size), &init, &diagnostics) == 0)
		check(&init);
	else
		fuzz_require(diagnostics.errors); /* refused without a reason */
	kx_init_clear(&init);
	kx_diagnostics_clear(&diagnostics);
	return 0;
}
