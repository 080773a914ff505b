/* SPDX-License-Identifier: Apache-2.0 */

/*
 * An Env program that is a client of the VFS program that asks it. A file call of it would wait
 * for that program, and that for its answer: it fails, and works once that program has mounted.
 * Nothing tells when that is, so it tries again.
 */

#include "../../coresrv/solution/check.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include <env/env.h>

static void *use_when_served(void *unused)
{
	char line[64] = "";
	FILE *file;

	while (!(file = fopen("/data/greeting", "r")) && errno == EDEADLK)
		(void)sched_yield();
	CHECK(file && fgets(line, sizeof(line), file) && fclose(file) == 0);
	fprintf(stderr, "env: read %s", line);
	return unused;
}

int main(void)
{
	const char *args[] = {"-l", "ramdisk0,0 /data ext4 0"};
	pthread_t thread;

	CHECK(fopen("/data/greeting", "r") == NULL && errno == EDEADLK);
	CHECK(pthread_create(&thread, NULL, use_when_served, NULL) == 0);
	ENV_REGISTER_ARGS("VfsLate", args);
	envServerRun();
	return EXIT_FAILURE;
}
