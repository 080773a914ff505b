/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Makes interfaces nobody would write: random_idl FIRST COUNT DIR puts
 * DIR/rnd/R<seed>.idl for COUNT seeds and DIR/random_calls.h, which fills every
 * message of each with test_nk_random.c's macro FILL. The same seeds make the
 * same texts.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES 12

static unsigned int state;
static char names[NAMES][8];
static unsigned int name_count;

static unsigned int below(unsigned int limit)
{
	state = state * 1103515245u + 12345u;
	return (state >> 8) % limit;
}

static void print_type(FILE *out, unsigned int depth)
{
	static const char *const ints[] = {"UInt8",  "UInt16", "UInt32", "UInt64",   "SInt8",
					   "SInt16", "SInt32", "SInt64", "UIntSize", "UIntPtr"};
	unsigned int kind = below(10);

	if (depth > 3 || kind < 4) {
		fputs(ints[below(10)], out);
	} else if (kind < 6) {
		fprintf(out, "%s<%u>", kind < 5 ? "string" : "bytes", below(20));
	} else if (kind < 8) {
		fputs(kind < 7 ? "array<" : "sequence<", out);
		print_type(out, depth + 1);
		fprintf(out, ", %u>", 1 + below(4));
	} else {
		fputs(name_count ? names[below(name_count)] : "UInt16", out);
	}
}

static void print_definition(FILE *out, unsigned int number)
{
	static const char *const kinds[] = {"typedef", "struct", "struct", "union"};
	unsigned int kind = below(4);

	fprintf(out, "%s ", kinds[kind]);
	if (kind == 0) {
		print_type(out, 0);
		fprintf(out, " T%u;\n", number);
	} else {
		fprintf(out, "T%u {", number);
		for (unsigned int i = 0, count = 1 + below(6); i < count; i++) {
			fputc(' ', out);
			print_type(out, 0);
			fprintf(out, " f%u;", i);
		}
		fputs(" }\n", out);
	}
	snprintf(names[name_count++], sizeof(names[0]), "T%u", number);
}

static void print_method(FILE *out, unsigned int number)
{
	static const char *const directions[] = {"in", "out", "error"};

	fprintf(out, "\tM%u(", number);
	for (unsigned int i = 0, count = below(6); i < count; i++) {
		fprintf(out, "%s%s ", i ? ", " : "", directions[below(3)]);
		if (below(20) == 0)
			fputs("Handle", out);
		else
			print_type(out, 0);
		fprintf(out, " p%u", i);
	}
	fputs(");\n", out);
}

static void make(const char *dir, unsigned int seed, FILE *calls)
{
	unsigned int methods;
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/rnd/R%u.idl", dir, seed);
	out = fopen(path, "w");
	if (!out) {
		perror(path);
		exit(1);
	}
	state = seed;
	name_count = 0;
	fprintf(out, "package rnd.R%u\n", seed);
	for (unsigned int i = 0, count = 1 + below(NAMES - 1); i < count; i++)
		print_definition(out, i);
	fputs("interface {\n", out);
	methods = 1 + below(5);
	for (unsigned int i = 0; i < methods; i++) {
		print_method(out, i);
		fprintf(calls,
			"FILL(R%u, M%u, req, req)\nFILL(R%u, M%u, res, res)\nFILL(R%u, M%u, err, "
			"res)\n",
			seed, i, seed, i, seed, i);
	}
	fputs("}\n", out);
	fclose(out);
}

int main(int argc, char **argv)
{
	char path[4096];
	FILE *calls;

	if (argc != 4) {
		fprintf(stderr, "Usage: random_idl FIRST COUNT DIR\n");
		return 1;
	}
	snprintf(path, sizeof(path), "%s/random_calls.h", argv[3]);
	calls = fopen(path, "w");
	if (!calls) {
		perror(path);
		return 1;
	}
	for (unsigned int i = 0; i < (unsigned int)atoi(argv[2]); i++)
		make(argv[3], (unsigned int)atoi(argv[1]) + i, calls);
	return fclose(calls) ? 1 : 0;
}
