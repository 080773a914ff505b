/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	const char *who = getenv("ROLE") ? getenv("ROLE") : "second";
	FILE *file = fopen("/tmp/new", "w");

	fprintf(stderr, "%s: /tmp %s\n", who, file ? "is there" : strerror(errno));
	for (int i = 1; i < argc; i++) {
		char line[64] = "\n";

		file = fopen(argv[i], "r");
		if (file && fgets(line, sizeof(line), file))
			fclose(file);
		fprintf(stderr, "%s: %s: %s", who, argv[i], line);
	}
	return 0;
}
