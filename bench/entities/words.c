/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

const char *bench_text(int argc, char **argv, const char *key)
{
	size_t length = strlen(key);

	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], key, length) == 0 && argv[i][length] == '=')
			return argv[i] + length + 1;
	return "";
}

uint64_t bench_number(int argc, char **argv, const char *key, uint64_t otherwise)
{
	const char *text = bench_text(argc, argv, key);

	return text[0] != '\0' ? strtoull(text, NULL, 10) : otherwise;
}

bool bench_bind(int argc, char **argv)
{
	const char *list = bench_text(argc, argv, "cores");
	cpu_set_t set;

	if (list[0] == '\0')
		return true;
	CPU_ZERO(&set);
	for (;;) {
		char *end;

		CPU_SET((size_t)strtoul(list, &end, 10), &set);
		if (*end != ',')
			break;
		list = end + 1;
	}
	return sched_setaffinity(0, sizeof(set), &set) == 0;
}
