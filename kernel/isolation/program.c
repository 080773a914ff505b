/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The two facts of an ELF file that decide which files its start needs: the
 * loader (PT_INTERP) and the library folders written into it (DT_RUNPATH).
 * The file is not trusted: every offset is checked before it is used, and
 * nothing is ever mapped.
 */

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

#define SEGMENTS_MAX 64u
#define TEXT_MAX     4096u
#define DYNAMIC_MAX  ((size_t)64 * 1024)

struct elf_image {
	int fd;
	ElfW(Ehdr) header;
	ElfW(Phdr) segment[SEGMENTS_MAX];
};

static int read_at(int fd, void *buffer, size_t size, uint64_t offset)
{
	ssize_t got = pread(fd, buffer, size, (off_t)offset);

	if (got < 0)
		return -errno;
	return (size_t)got == size ? 0 : -ENOEXEC;
}

/* A string of at most @max bytes at @offset; NULL with @rc set on failure. */
static char *read_text(int fd, uint64_t offset, size_t max, int *rc)
{
	char *text = calloc(1, max + 1);
	ssize_t got;

	if (!text) {
		*rc = -ENOMEM;
		return NULL;
	}
	got = pread(fd, text, max, (off_t)offset);
	if (got > 0 && memchr(text, 0, (size_t)got + 1))
		return text;
	*rc = got < 0 ? -errno : -ENOEXEC;
	free(text);
	return NULL;
}

static int read_image(struct elf_image *image)
{
	int rc = read_at(image->fd, &image->header, sizeof(image->header), 0);

	if (rc != 0)
		return rc;
	if (memcmp(image->header.e_ident, ELFMAG, SELFMAG) != 0 ||
	    image->header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    (image->header.e_type != ET_EXEC && image->header.e_type != ET_DYN) ||
	    image->header.e_phentsize != sizeof(image->segment[0]) ||
	    image->header.e_phnum > SEGMENTS_MAX)
		return -ENOEXEC;
	return read_at(image->fd, image->segment,
		       (size_t)image->header.e_phnum * sizeof(image->segment[0]),
		       image->header.e_phoff);
}

/* File offset of a virtual address; false if no segment holds it. */
static bool file_offset(const struct elf_image *image, uint64_t address, uint64_t *offset)
{
	for (unsigned int i = 0; i < image->header.e_phnum; i++) {
		const ElfW(Phdr) *segment = &image->segment[i];

		if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
		    address - segment->p_vaddr < segment->p_filesz) {
			*offset = segment->p_offset + (address - segment->p_vaddr);
			return true;
		}
	}
	return false;
}

static int read_run_path(struct kx_program *program, const struct elf_image *image,
			 const ElfW(Dyn) * entry, size_t count)
{
	uint64_t table = 0;
	uint64_t name = 0;
	uint64_t offset;
	bool found = false;
	int rc = 0;

	for (size_t i = 0; i < count && entry[i].d_tag != DT_NULL; i++) {
		if (entry[i].d_tag == DT_STRTAB)
			table = entry[i].d_un.d_ptr;
		/* A run path wins over the older kind. */
		if (entry[i].d_tag == DT_RUNPATH || (entry[i].d_tag == DT_RPATH && !found)) {
			name = entry[i].d_un.d_val;
			found = true;
		}
	}
	if (!found)
		return 0;
	if (!file_offset(image, table, &offset))
		return -ENOEXEC;
	program->run_path = read_text(image->fd, offset + name, TEXT_MAX, &rc);
	return rc;
}

static int read_dynamic(struct kx_program *program, const struct elf_image *image,
			const ElfW(Phdr) * segment)
{
	ElfW(Dyn) * entries;
	int rc;

	if (segment->p_filesz > DYNAMIC_MAX || segment->p_filesz < sizeof(*entries))
		return -ENOEXEC;
	entries = malloc(segment->p_filesz);
	if (!entries)
		return -ENOMEM;
	rc = read_at(image->fd, entries, segment->p_filesz, segment->p_offset);
	if (rc == 0)
		rc = read_run_path(program, image, entries, segment->p_filesz / sizeof(*entries));
	free(entries);
	return rc;
}

int kx_program_read(struct kx_program *program, int fd)
{
	struct elf_image image = {.fd = fd};
	int rc = read_image(&image);

	memset(program, 0, sizeof(*program));
	for (unsigned int i = 0; rc == 0 && i < image.header.e_phnum; i++) {
		const ElfW(Phdr) *segment = &image.segment[i];

		if (segment->p_type == PT_INTERP && !program->loader) {
			if (segment->p_filesz > TEXT_MAX)
				rc = -ENOEXEC;
			else
				program->loader =
					read_text(fd, segment->p_offset, segment->p_filesz, &rc);
		} else if (segment->p_type == PT_DYNAMIC && !program->run_path) {
			rc = read_dynamic(program, &image, segment);
		}
	}
	if (rc != 0)
		kx_program_fini(program);
	return rc;
}

void kx_program_fini(struct kx_program *program)
{
	free(program->loader);
	free(program->run_path);
	memset(program, 0, sizeof(*program));
}
