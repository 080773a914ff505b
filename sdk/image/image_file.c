/* SPDX-License-Identifier: Apache-2.0 */

/* Files of an image: copying with a checksum, telling programs from data. */

#define _FILE_OFFSET_BITS 64

#include "image.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sha256.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, data, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		data += done;
		n -= (size_t)done;
	}
	return true;
}

/* Reads @in to its end; @out below 0 only computes. */
static bool pump(int in, int out, struct kx_image_file *info)
{
	char data[65536];
	SHA2_CTX sha;
	ssize_t n;

	SHA256Init(&sha);
	info->size = 0;
	for (;;) {
		n = read(in, data, sizeof(data));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		SHA256Update(&sha, (const uint8_t *)data, (size_t)n);
		info->size += (size_t)n;
		if (out >= 0 && !write_all(out, data, (size_t)n))
			return false;
	}
	SHA256End(&sha, info->sha256);
	return n == 0;
}

bool kx_image_copy(const char *from, const char *to, unsigned int mode, struct kx_image_file *info)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = -1;
	struct stat st;
	bool ok;

	if (in < 0 || fstat(in, &st) != 0) {
		kx_image_error("cannot open %s: %s", from, strerror(errno));
		if (in >= 0)
			close(in);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		close(in);
		return kx_image_error("%s is not a regular file", from);
	}
	if (to) {
		out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (out < 0) {
			kx_image_error("cannot write %s: %s", to, strerror(errno));
			close(in);
			return false;
		}
	}
	ok = pump(in, out, info);
	if (out >= 0) {
		ok = fchmod(out, (mode_t)mode) == 0 && ok;
		ok = close(out) == 0 && ok;
	}
	close(in);
	if (!ok)
		kx_image_error("cannot copy %s%s%s: %s", from, to ? " to " : "", to ? to : "",
			       strerror(errno));
	return ok;
}

/* A position-independent program asks for an interpreter; a library does not. */
static bool has_interpreter(FILE *in, const Elf64_Ehdr *header)
{
	Elf64_Phdr segment;
	unsigned int i;

	for (i = 0; i < header->e_phnum; i++) {
		long at = (long)(header->e_phoff + (Elf64_Off)i * sizeof(segment));

		if (fseek(in, at, SEEK_SET) != 0 || fread(&segment, sizeof(segment), 1, in) != 1)
			return false;
		if (segment.p_type == PT_INTERP)
			return true;
	}
	return false;
}

bool kx_image_is_program(const char *path)
{
	FILE *in = fopen(path, "re");
	Elf64_Ehdr header;
	bool program = false;

	if (!in)
		return false;
	if (fread(&header, sizeof(header), 1, in) == 1 &&
	    memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
	    header.e_phentsize == sizeof(Elf64_Phdr))
		program = header.e_type == ET_EXEC ||
			  (header.e_type == ET_DYN && has_interpreter(in, &header));
	fclose(in);
	return program;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

bool kx_image_remove_tree(const char *path)
{
	return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT;
}
