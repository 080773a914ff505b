/* SPDX-License-Identifier: Apache-2.0 */
/* Every call of stdio and unistd that names a file, on the files of a VFS program. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(what)                                                                                \
	do {                                                                                       \
		if (!(what))                                                                       \
			fprintf(stderr, "writer: line %d: %s (%s)\n", __LINE__, #what,             \
				strerror(errno));                                                  \
	} while (0)

static int count_entries(const char *folder)
{
	DIR *dir = opendir(folder);
	int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

int main(void)
{
	struct stat status;
	char text[64] = "";
	int folder;
	int fd = -1;

	CHECK(mkdir("/data", 0) == 0 && mkdir("/data", 0) == -1 && errno == EEXIST);
	CHECK(stat("/data", &status) == 0 && S_ISDIR(status.st_mode));
	write_file("/data/one", "first\n");
	CHECK(stat("/data/one", &status) == 0 && status.st_size == 6);
	CHECK(chdir("/data") == 0 && getcwd(text, sizeof(text)) && !strcmp(text, "/data"));
	CHECK(rename("one", "../two") == 0 && access("/two", R_OK | W_OK) == 0);
	CHECK(symlink("/two", "link") == 0 && readlink("link", text, sizeof(text)) == 4);
	CHECK(lstat("link", &status) == 0 && S_ISLNK(status.st_mode));
	CHECK(link("/two", "three") == 0 && truncate("three", 3) == 0);
	CHECK(chmod("three", 0) == 0 && (fd = open("link", O_RDONLY)) >= 0);
	CHECK(read(fd, text, sizeof(text)) == 3 && !memcmp(text, "fir", 3) && close(fd) == 0);
	CHECK((folder = open("/data", O_RDONLY | O_DIRECTORY)) >= 0);
	CHECK((fd = openat(folder, "four", O_CREAT | O_EXCL | O_WRONLY, 0)) >= 0);
	CHECK(futimens(fd, NULL) == 0 && close(fd) == 0 && close(folder) == 0);
	CHECK(count_entries("/data") == 5 && mkdir("/empty", 0700) == 0 && rmdir("/empty") == 0);

	/* Policy forbids it. */
	CHECK(unlink("four") == -1 && errno == EPERM && access("four", F_OK) == 0);
	/* Nothing of the host, whichever way. */
	CHECK(open("/etc/passwd", O_RDONLY) == -1 && errno == ENOENT);
	CHECK(open("../../../../etc/passwd", O_RDONLY) == -1 && errno == ENOENT);
	CHECK(symlink("../../../etc", "out") == 0 && open("out/passwd", O_RDONLY) == -1);
	CHECK((folder = open("/usr/lib", O_RDONLY | O_DIRECTORY)) < 0 ||
	      openat(folder, "x", O_CREAT | O_WRONLY, 0600) == -1);
	write_file("/done", "");
	fprintf(stderr, "writer: done\n");
	return 0;
}
