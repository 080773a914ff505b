/* SPDX-License-Identifier: Apache-2.0 */

/* Any file as an image: manifest, classes, and what is listed beside it. */

#include "fuzz.h"
#include "image.h"
#include "memory_file.h"
#include "registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kx_diagnostics diagnostics = {0};
	struct kx_image image;

	if (kx_image_read(fuzz_memory_file(data, size), &image, &diagnostics) == 0)
		fuzz_require(image.name && image.policy && (image.einit || image.init));
	else
		fuzz_require(diagnostics.errors);
	kx_image_clear(&image);
	kx_diagnostics_clear(&diagnostics);
	kx_registry_clear();
	return 0;
}
