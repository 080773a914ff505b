/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the first line of each file it is given, then changes the first of them. */
#include <stdio.h>
#include <string.h>

static void tell(const char *name)
{
	char line[64] = "not there\n";
	FILE *file = fopen(name, "r");

	if (file && !fgets(line, sizeof(line), file))
		strcpy(line, "empty\n");
	if (file)
		fclose(file);
	fprintf(stderr, "%s: %s", name, line);
}

int main(int argc, char **argv)
{
	FILE *file;

	for (int i = 1; i < argc; i++)
		tell(argv[i]);
	file = fopen(argv[1], "w");
	if (!file || fputs("changed\n", file) < 0 || fclose(file) != 0)
		fprintf(stderr, "%s cannot be changed\n", argv[1]);
	file = fopen("/new", "w");
	if (!file || fclose(file) != 0)
		fprintf(stderr, "/new cannot be made\n");
	tell(argv[1]);
	return 0;
}
