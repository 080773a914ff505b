/* SPDX-License-Identifier: Apache-2.0 */
/* Files, folders, descriptors, time and signals. */
#define _GNU_SOURCE
#define NAME "files"
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static void whole_files(void)
{
	struct stat status;
	struct statvfs system;
	struct iovec parts[2] = {{(void *)(uintptr_t) "ab", 2}, {(void *)(uintptr_t) "cd", 2}};
	char text[32] = "";
	char name[] = "/tmp/XXXXXX";
	FILE *file;
	int fd;
	char *map;

	CHECK(mkdir("/tmp", 0777) == 0 || errno == EEXIST);
	CHECK(mkdir("/logs", 0755) == 0);
	CHECK((fd = open("/logs/a.txt", O_RDWR | O_CREAT | O_TRUNC, 0644)) >= 0);
	CHECK(writev(fd, parts, 2) == 4 && lseek(fd, 0, SEEK_SET) == 0);
	CHECK(read(fd, text, 4) == 4 && memcmp(text, "abcd", 4) == 0);
	CHECK(pwrite(fd, "X", 1, 1) == 1 && pread(fd, text, 2, 1) == 2 && text[0] == 'X');
	CHECK(ftruncate(fd, 4096) == 0 && fstat(fd, &status) == 0 && status.st_size == 4096);
	CHECK(S_ISREG(status.st_mode) && fsync(fd) == 0 && fdatasync(fd) == 0);
	CHECK(fchmod(fd, 0640) == 0 && posix_fallocate(fd, 0, 8192) == 0);
	CHECK(fstat(fd, &status) == 0 && status.st_size == 8192);
	CHECK((status.st_mode & 0777) == 0640 && fchmod(0, 0600) == -1);
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(map != MAP_FAILED && map[1] == 'X' && munmap(map, 4096) == 0);
	CHECK(fcntl(fd, F_GETFL) >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
	CHECK(dup(fd) >= 0 && dup2(fd, 40) == 40 && close(40) == 0 && close(fd) == 0);
	CHECK(truncate("/logs/a.txt", 2) == 0 && stat("/logs/a.txt", &status) == 0);
	CHECK(status.st_size == 2 && statvfs("/logs", &system) == 0);
	CHECK(rename("/logs/a.txt", "/logs/b.txt") == 0 && access("/logs/a.txt", F_OK) == -1);
	CHECK((file = fopen("/logs/b.txt", "a+")) && fprintf(file, "%d\n", 42) == 3);
	CHECK(fseek(file, 2, SEEK_SET) == 0 && fgets(text, sizeof(text), file));
	CHECK(strcmp(text, "42\n") == 0 && ftell(file) == 5 && fclose(file) == 0);
	CHECK((fd = mkstemp(name)) >= 0 && close(fd) == 0 && unlink(name) == 0);
	CHECK((file = tmpfile()) && fclose(file) == 0);
	CHECK(remove("/logs/b.txt") == 0 && rmdir("/logs") == 0);
}

static void folders(void)
{
	struct dirent **list = NULL;
	char path[64];
	DIR *dir;
	int seen = 0;
	int fd;

	CHECK(mkdir("/d", 0777) == 0 && mkdir("/d/e", 0777) == 0);
	for (int i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "/d/e/%d", i);
		CHECK((fd = creat(path, 0600)) >= 0 && close(fd) == 0);
	}
	CHECK((dir = opendir("/d/e")) != NULL);
	while (dir && readdir(dir))
		seen++;
	CHECK(seen == 7);
	rewinddir(dir);
	CHECK(readdir(dir) && dirfd(dir) >= 0 && closedir(dir) == 0);
	CHECK(scandir("/d/e", &list, NULL, alphasort) == 7);
	CHECK(chdir("/d") == 0 && access("e/4", R_OK | W_OK) == 0);
	CHECK(getcwd(path, sizeof(path)) && strcmp(path, "/d") == 0);
	CHECK((fd = open("e", O_RDONLY | O_DIRECTORY)) >= 0 && unlinkat(fd, "4", 0) == 0);
	CHECK(openat(fd, "3", O_RDONLY) >= 0 && close(fd) == 0 && chdir("/") == 0);
	CHECK(realpath("d/e/../e/3", path) && strcmp(path, "/d/e/3") == 0);
}

static void descriptors(void)
{
	int ends[2];
	char text[4];

	CHECK(pipe(ends) == 0 && write(ends[1], "abc", 3) == 3 && read(ends[0], text, 3) == 3);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
	CHECK(isatty(0) == 0 || isatty(0) == 1);
}

static volatile sig_atomic_t got;

static void on_signal(int number)
{
	got = number;
}

static void time_and_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct timespec now;
	struct timespec pause = {0, 1000000};
	struct itimerval soon = {.it_value = {0, 1000}};
	struct timeval day;
	struct tms used;
	struct utsname system;
	time_t seconds = time(NULL);
	struct tm parts;
	char text[32];
	sigset_t set;

	CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec >= seconds);
	CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0 &&
	      clock_getres(CLOCK_MONOTONIC, &now) == 0);
	CHECK(gettimeofday(&day, NULL) == 0);
	CHECK(nanosleep(&pause, NULL) == 0 && usleep(1) == 0); /* the calls are the test */
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL) == 0);
	CHECK(gmtime_r(&seconds, &parts) && localtime_r(&seconds, &parts) && mktime(&parts) > 0);
	CHECK(strftime(text, sizeof(text), "%Y-%m-%d", &parts) == 10 &&
	      times(&used) != (clock_t)-1);
	CHECK(uname(&system) == 0 && getpid() > 0 && getenv("VFS_FILESYSTEM_BACKEND") != NULL);
	CHECK(setenv("A", "b", 1) == 0 && strcmp(getenv("A"), "b") == 0);
	CHECK(sysconf(_SC_PAGESIZE) > 0 && sysconf(_SC_NPROCESSORS_ONLN) > 0);
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && raise(SIGUSR1) == 0 && got == SIGUSR1);
	CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR && kill(getpid(), SIGUSR1) == 0);
	CHECK(sigemptyset(&set) == 0 && sigaddset(&set, SIGINT) == 0 &&
	      sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	CHECK(sigaction(SIGALRM, &action, NULL) == 0 && setitimer(ITIMER_REAL, &soon, NULL) == 0);
	for (int i = 0; i < 5000 && got != SIGALRM; i++)
		usleep(1000); /* the signal comes by the clock */
	CHECK(got == SIGALRM);
}

int main(void)
{
	whole_files();
	folders();
	descriptors();
	time_and_signals();
	fprintf(stderr, "files: done\n");
	return 0;
}
