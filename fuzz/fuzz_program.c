/* SPDX-License-Identifier: Apache-2.0 */

/* Any file as the program of an entity: what its ELF headers say about loader and libraries. */

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fuzz.h"
#include "internal.h"
#include "memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kx_program program;
	int fd = open(fuzz_memory_file(data, size), O_RDONLY | O_CLOEXEC);
	int rc = kx_program_read(&program, fd);

	fuzz_require(fd >= 0);
	if (rc != 0)
		fuzz_require(!program.loader && !program.run_path);
	/* Longer than any name of a file: nobody has to look at more. */
	fuzz_require(!program.loader || strlen(program.loader) <= 4096);
	fuzz_require(!program.run_path || strlen(program.run_path) <= 4096);
	kx_program_fini(&program);
	(void)close(fd);
	return 0;
}
