/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A client of a VFS program that has not been told yet what it mounts: its calls wait for that,
 * so that nothing is written where a disk will be.
 */

#include "../../coresrv/solution/check.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include <coresrv/sl/sl_api.h>

/* More than 8: for the ninth the C library counts the processors, with a lock of malloc()'s. */
#define READERS 10

/* What was written is there as long as the program, beside what the disk has. */
static void *use(void *unused)
{
	char line[64] = "";
	FILE *file = fopen("/data/new", "w");

	CHECK(file != NULL);
	CHECK(fputs("written\n", file) >= 0 && fclose(file) == 0);
	file = fopen("/data/greeting", "r");
	CHECK(file && fgets(line, sizeof(line), file) && fclose(file) == 0);
	CHECK(strcmp(line, "from the disk\n") == 0);
	return unused;
}

static void *read_greeting(void *unused)
{
	FILE *file = fopen("/data/greeting", "r");

	CHECK(file && fclose(file) == 0);
	return unused;
}

static void go(void)
{
	Handle env = ServiceLocatorConnect("go");

	CHECK(env != INVALID_HANDLE);
	(void)call_with(env, 0);
}

int main(void)
{
	struct timespec until;
	char line[64] = "";
	pthread_t readers[READERS];
	pthread_t thread;
	FILE *file;

	CHECK(pthread_create(&thread, NULL, use, NULL) == 0);
	if (getenv("STUCK"))
		(void)pthread_join(thread, NULL);
	for (int i = 0; i < READERS; i++)
		CHECK(pthread_create(&readers[i], NULL, read_greeting, NULL) == 0);
	CHECK(clock_gettime(CLOCK_REALTIME, &until) == 0);
	until.tv_sec++;
	CHECK(pthread_timedjoin_np(thread, NULL, &until) == ETIMEDOUT);
	go();
	CHECK(pthread_join(thread, NULL) == 0);
	for (int i = 0; i < READERS; i++)
		CHECK(pthread_join(readers[i], NULL) == 0);
	file = fopen("/data/new", "r");
	CHECK(file && fgets(line, sizeof(line), file) && strcmp(line, "written\n") == 0);
	fprintf(stderr, "writer: waited for the disk\n");
	return 0;
}
