/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Built with a sanitizer. Makes the mistake its argument names, so that the
 * sanitizer has something to report from inside a profile.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int shared;
static void *volatile kept;

static void *racer(void *argument)
{
	for (int i = 0; i < 1000; i++) {
		shared++;
		/* Not one addition of 1000: a single pair of accesses at the same instant is
		 * missed. */
		atomic_signal_fence(memory_order_seq_cst);
	}
	return argument;
}

static void race(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, racer, NULL) != 0)
		exit(3);
	racer(NULL);
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	const char *mistake = argc > 1 ? argv[1] : "";
	char *volatile memory = malloc(16);

	memset(memory, 1, 16);
	if (strcmp(mistake, "overflow") == 0)
		memory[16 + shared] = 1;
	if (strcmp(mistake, "race") == 0)
		race();
	if (strcmp(mistake, "leak") == 0)
		memory = NULL;
	else
		kept = memory;
	printf("end of main\n");
	return 0;
}
