/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Drives a fuzz target without libFuzzer: every file of the folders named, and a
 * fixed set of mutations of each. An input that computes for longer than a second
 * ends the program (SIGVTALRM), as does whatever the target finds.
 *
 * Usage: fuzz_NAME [-m MUTATIONS] FOLDER-OR-FILE...
 */

#include <dirent.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "fuzz.h"

#define INPUT_MAX ((size_t)64 * 1024)

#ifdef __SANITIZE_ADDRESS__
#define SECONDS 10
#else
#define SECONDS 1
#endif

static unsigned long inputs;
static unsigned long mutations;
static int per_input;

static void try_input(const uint8_t *data, size_t size)
{
	const struct itimerval most = {.it_value = {.tv_sec = SECONDS}};
	uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		exit(1);
	memcpy(exact, data, size);
	(void)setitimer(ITIMER_VIRTUAL, &most, NULL);
	(void)LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static uint32_t next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* One change: cut, a byte, a number at its limits, a piece doubled. The new size. */
static size_t mutate(uint8_t *data, size_t size, uint32_t *state)
{
	static const uint32_t limits[] = {0, 1, UINT32_MAX, 0x80000000u, 0x10000u, 24, 25, 4096};
	size_t at = size ? next(state) % size : 0;
	size_t length;

	switch (next(state) % 4) {
	case 0:
		return at;
	case 1:
		if (size)
			data[at] = (uint8_t)next(state);
		return size;
	case 2:
		if (size - at >= 4)
			memcpy(data + at, &limits[next(state) % 8], 4);
		return size;
	default:
		length = size - at < 32 ? size - at : 32;
		if (size + length > INPUT_MAX)
			return size;
		memmove(data + at + length, data + at, size - at);
		return size + length;
	}
}

static void try_file(const char *path)
{
	static uint8_t seed[INPUT_MAX];
	static uint8_t data[INPUT_MAX];
	FILE *file = fopen(path, "rb");
	uint32_t state = 0x9e3779b9u;
	size_t size;

	if (!file) {
		(void)fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	size = fread(seed, 1, sizeof(seed), file);
	(void)fclose(file);
	for (size_t i = 0; i < size; i++)
		state = (state ^ seed[i]) * 16777619u;
	state |= 1u;
	try_input(seed, size);
	inputs++;
	for (int i = 0; i < per_input; i++) {
		size_t length = size;

		memcpy(data, seed, size);
		for (uint32_t n = 1 + next(&state) % 4; n > 0; n--)
			length = mutate(data, length, &state);
		try_input(data, length);
		mutations++;
	}
}

static void try_folder(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	char name[4096];

	for (int i = 0; i < count; i++) {
		(void)snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			try_file(name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	struct stat status;
	int option;

	while ((option = getopt(argc, argv, "m:")) != -1) {
		if (option != 'm')
			return 1;
		per_input = atoi(optarg);
	}
	for (int i = optind; i < argc; i++) {
		if (stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode))
			try_folder(argv[i]);
		else
			try_file(argv[i]);
	}
	(void)printf("%lu inputs, %lu mutations\n", inputs, mutations);
	return inputs ? 0 : 1; /* a target without a seed tests nothing */
}
