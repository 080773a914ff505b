/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Any file as a disk that a VFS program mounts: whatever names and links it holds, nothing
 * outside the folder it is unpacked to is made or changed.
 */

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_disk.h"
#include "fuzz.h"
#include "memory_file.h"

static char parent[64];
static struct stat secret;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

static void remove_all(void)
{
	if (parent[0])
		(void)nftw(parent, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* parent/{tree,secret}: the way out of the tree is short. */
static void make_all(void)
{
	const char *base = getenv("TMPDIR");
	int fd;

	(void)snprintf(parent, sizeof(parent), "%.40s/kosix-XXXXXX", base ? base : "/tmp");
	fuzz_require(mkdtemp(parent) && atexit(remove_all) == 0 && chdir(parent) == 0);
	fd = open("secret", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	fuzz_require(fd >= 0 && write(fd, "text\n", 5) == 5 && fstat(fd, &secret) == 0);
	(void)close(fd);
}

/* The folder holds "secret" and "tree", and nothing that was unpacked past the tree. */
static void check_names(void)
{
	const struct dirent *entry;
	unsigned found = 0;
	DIR *folder = opendir(".");

	fuzz_require(folder);
	while ((entry = readdir(folder))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		fuzz_require(!strcmp(entry->d_name, "secret") || !strcmp(entry->d_name, "tree"));
		found++;
	}
	(void)closedir(folder);
	fuzz_require(found == 2);
}

static void check_outside(void)
{
	struct stat now;

	fuzz_require(lstat("secret", &now) == 0 && now.st_ino == secret.st_ino);
	fuzz_require(now.st_size == secret.st_size && now.st_nlink == 1 &&
		     now.st_mode == secret.st_mode && now.st_mtim.tv_sec == secret.st_mtim.tv_sec &&
		     now.st_mtim.tv_nsec == secret.st_mtim.tv_nsec);
	check_names();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool open_before;
	char choice[96];
	int tree;

	if (!open_before) {
		open_before = true;
		make_all();
		(void)snprintf(choice, sizeof(choice), "d=%s", fuzz_memory_file("", 0));
		fuzz_require(kx_files_disk_choose(strdup(choice)));
	}
	(void)fuzz_memory_file(data, size);
	fuzz_require(mkdir("tree", 0700) == 0);
	tree = open("tree", O_PATH | O_DIRECTORY | O_CLOEXEC);
	fuzz_require(tree >= 0);
	(void)kx_files_disk_unpack("d,0", false, "/nowhere", tree);
	(void)close(tree);
	check_outside();
	fuzz_require(nftw("tree", remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
	return 0;
}
