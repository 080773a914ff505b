/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whatever the input: no crash, no hang, no 256 MiB. Drives the body of the fuzz
 * target with its seeds, with a fixed set of mutations of them, and with texts built
 * to be expensive. The limits are the process's own: address space, and an alarm per
 * input that ends what never would. That long texts cost no more than their length
 * is told by comparison with shorter ones: seconds say more about the machine.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define MEMORY ((size_t)256 * 1024 * 1024)
#ifdef KX_SANITIZED /* sanitizers cost time and memory */
#define SECONDS 60
#else
#define SECONDS 10
#endif
#define MUTATIONS  40
#define SEED_BYTES ((size_t)16 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Computing time of this process, in microseconds. */
static uint64_t spent(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

/*
 * SIGVTALRM ends the test: that much computing on one input is a hang. Returns what
 * it cost, in microseconds.
 */
static uint64_t try_input(const uint8_t *data, size_t size)
{
	const struct itimerval hang = {.it_value = {.tv_sec = SECONDS}};
	const struct itimerval never = {.it_value = {.tv_sec = 0}};
	uint64_t before = spent();

	setitimer(ITIMER_VIRTUAL, &hang, NULL);
	LLVMFuzzerTestOneInput(data, size);
	setitimer(ITIMER_VIRTUAL, &never, NULL);
	return spent() - before;
}

static uint64_t try_text(const char *text)
{
	return try_input((const uint8_t *)text, strlen(text));
}

static uint32_t next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static const char *const words[] = {
	"{",  "}",        "<",  ">",         ";",      "interface ", "struct ", "sequence<",
	"/*", "package ", "-9", "string<1>", "const ", "in ",        "\xff",    "endpoints { ",
	": ", "**"};

/* Cuts, doubles, replaces bytes and puts words in; never longer than @room. */
static size_t mutate(uint8_t *data, size_t size, size_t room, uint32_t *state)
{
	size_t at = size ? next(state) % size : 0;
	const char *word = words[next(state) % (sizeof(words) / sizeof(words[0]))];

	switch (next(state) % 4) {
	case 0:
		return at;
	case 1:
		if (size)
			data[at] = (uint8_t)next(state);
		return size;
	case 2:
		if (size + strlen(word) > room)
			return size;
		memmove(data + at + strlen(word), data + at, size - at);
		memcpy(data + at, word, strlen(word));
		return size + strlen(word);
	default:
		if (at > room - size)
			return size;
		memmove(data + at, data, size);
		return size + at;
	}
}

static void try_mutations(const uint8_t *seed, size_t size, uint32_t *state)
{
	uint8_t data[2 * SEED_BYTES];

	for (int i = 0; i < MUTATIONS; i++) {
		size_t len = size;

		memcpy(data, seed, size);
		for (uint32_t n = 1 + next(state) % 6; n > 0; n--)
			len = mutate(data, len, sizeof(data), state);
		try_input(data, len);
	}
}

static size_t read_seed(const char *name, uint8_t *data)
{
	char path[4096];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", KX_CORPUS, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	size = fread(data, 1, SEED_BYTES, file);
	fclose(file);
	return size;
}

static void seeds_and_their_mutations_end_in_order(void **state)
{
	static uint8_t seed[SEED_BYTES];
	struct dirent *entry;
	unsigned int count = 0;
	uint32_t random = 1;
	DIR *dir = opendir(KX_CORPUS);

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		size_t size;

		if (entry->d_name[0] == '.')
			continue;
		size = read_seed(entry->d_name, seed);
		try_input(seed, size);
		try_mutations(seed, size, &random);
		count++;
	}
	closedir(dir);
	assert_true(count >= 10);
}

/*
 * @head, then @piece (a # in it is its number) until nearly @room bytes, then @tail;
 * what it costs.
 */
static uint64_t try_repeated(const char *head, const char *piece, const char *tail, size_t room)
{
	char *text = malloc(room + 256);
	uint64_t cost;
	size_t len;

	assert_non_null(text);
	len = (size_t)sprintf(text, "%s", head);
	for (int i = 0; len < room - strlen(piece) - 64; i++) {
		char number[16];

		snprintf(number, sizeof(number), "%d", i);
		for (const char *p = piece; *p; p++) {
			if (*p == '#')
				len += (size_t)sprintf(text + len, "%s", number);
			else
				text[len++] = *p;
		}
	}
	strcpy(text + len, tail);
	cost = try_text(text);
	free(text);
	return cost;
}

#define LONG  ((size_t)2 * 1024 * 1024 - 256)
#define TIMES 16u
#define SLACK 4u      /* a busy machine, caches, the sorting of names */
#define CHEAP 250000u /* so many microseconds need no comparison */

/* What is linear costs TIMES as much at TIMES the length; a square would be TIMES more. */
static void try_long(const char *head, const char *piece, const char *tail)
{
	uint64_t part = try_repeated(head, piece, tail, LONG / TIMES);
	uint64_t whole = try_repeated(head, piece, tail, LONG);

	if (whole > CHEAP && whole > part * TIMES * SLACK)
		fail_msg("\"%s%s...\": %zu bytes cost %llu us, %zu bytes %llu us", head, piece,
			 LONG / TIMES, (unsigned long long)part, LONG, (unsigned long long)whole);
}

static void long_texts_stay_cheap(void **state)
{
	(void)state;
	try_long("0package a", ".a", "");
	try_long("0package a ", "import b# ", "");
	try_long("0package a const UInt8 X = 1", "+1", ";");
	try_long("0package a const UInt8 X = ", "(", "");
	try_long("0package a const UInt8 X = ", "-", "1;");
	try_long("0package a typedef ", "sequence<", "");
	try_long("0package a ", "typedef T# T#x; ", "");
	try_long("0package a typedef UInt8 T; ", "struct S# { T t; } ", "");
	try_long("0package a struct S { ", "UInt8 a#; ", "}");
	try_long("0package a struct S { ", "UInt8 a; ", "}");
	try_long("0package a interface { ", "M#(); ", "}");
	try_long("0package a interface { M(in UInt8 x", ", in UInt8 p#", "); }");
	try_long("0package a interface { M(", "in string<9> p#, ", "in UInt8 x); }");
	try_long("0package a ", ";", "");
	try_long("0package a ", "}", "");
	try_long("0package a /*", "*", "");
	try_long("0package a ", "\n", "@");
	try_long("0", "a", "");
	try_long("0package a const UInt8 X = ", "9", ";");
	try_long("2entity a endpoints { ", "e# : b.C ", "}");
	try_long("2entity a components { ", "c : b.C ", "}");
	try_long("1component a ", "security b.C ", "");
}

/* Each definition twice the one before: sizes and counts must not explode. */
static void growing_structures_are_bounded(void **state)
{
	static const char *const kinds[] = {"struct S%d { S%d a; S%d b; } ",
					    "struct S%d { sequence<S%d, 1000> a; S%d b; } ",
					    "union S%d { array<S%d, 60000> a; S%d b; } "};
	char text[16 * 1024];

	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		int len = sprintf(text, "0package a struct S0 { string<9> x; } ");

		for (int i = 1; i < 200; i++)
			len += sprintf(text + len, kinds[k], i, i - 1, i - 1);
		sprintf(text + len, "interface { M(in S199 a, out S199 b); }");
		try_text(text);
	}
}

/* As many definitions as methods: what is made of each must not look at all of the others. */
static uint64_t try_both(int count)
{
	char *text = malloc((size_t)count * 64 + 64);
	size_t len = (size_t)sprintf(text, "0package a ");
	uint64_t cost;

	for (int i = 0; i < count; i++)
		len += (size_t)sprintf(text + len, "const UInt8 C%d = 1; ", i);
	len += (size_t)sprintf(text + len, "interface { ");
	for (int i = 0; i < count; i++)
		len += (size_t)sprintf(text + len, "M%d(); ", i);
	strcpy(text + len, "}");
	cost = try_text(text);
	free(text);
	return cost;
}

static void definitions_and_methods_together_stay_cheap(void **state)
{
	uint64_t part = try_both(40000 / (int)TIMES);
	uint64_t whole = try_both(40000);

	(void)state;
	if (whole > CHEAP && whole > part * TIMES * SLACK)
		fail_msg("%llu us for a part, %llu us for the whole", (unsigned long long)part,
			 (unsigned long long)whole);
}

/* Every record holds the one before: the names of generated code would grow without end. */
static void records_within_records_are_bounded(void **state)
{
	char *text = malloc((size_t)2 * 1024 * 1024);
	char name[1001];
	size_t len = (size_t)sprintf(text, "0package a struct S0 { string<9> x; } ");

	(void)state;
	for (int i = 1; i < 60000; i++)
		len += (size_t)sprintf(text + len, "struct S%d { S%d a; } ", i, i - 1);
	strcpy(text + len, "interface { M(in S59999 a); }");
	try_text(text);

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	len = (size_t)sprintf(text, "0package a struct S0 { string<9> x; } ");
	for (int i = 1; i < 60; i++)
		len += (size_t)sprintf(text + len, "struct S%d { S%d %s; } ", i, i - 1, name);
	len += (size_t)sprintf(text + len, "interface { ");
	for (int i = 0; i < 60000; i++)
		len += (size_t)sprintf(text + len, "M%d(in S59 a); ", i);
	strcpy(text + len, "}");
	try_text(text);
	free(text);
}

/* A large record in many methods: small text, and a line of C for each pair. */
static void a_small_text_cannot_ask_for_endless_output(void **state)
{
	size_t room = (size_t)1024 * 1024;
	char *text = malloc(room);
	size_t len = (size_t)sprintf(text, "0package a struct S { ");

	(void)state;
	for (int i = 0; i < 20000; i++)
		len += (size_t)sprintf(text + len, "string<9> a%d; ", i);
	len += (size_t)sprintf(text + len, "} interface { ");
	for (int i = 0; i < 20000; i++)
		len += (size_t)sprintf(text + len, "M%d(in S s); ", i);
	strcpy(text + len, "}");
	try_text(text);
	free(text);
}

/* Uses of definitions that come later are followed by recursion; its depth is limited. */
static void definitions_far_ahead_do_not_exhaust_the_stack(void **state)
{
	(void)state;
	try_long("0package a ", "struct A# { string<1> x; } ", "");
	char *text = malloc((size_t)2 * 1024 * 1024);
	size_t len = (size_t)sprintf(text, "0package a ");

	for (int i = 0; i < 40000; i++)
		len += (size_t)sprintf(text + len, "struct S%d { S%d a; } ", i, i + 1);
	strcpy(text + len, "struct S40000 { UInt8 a; }");
	try_text(text);
	free(text);
}

static void texts_over_the_limit_are_refused(void **state)
{
	size_t size = (size_t)8 * 1024 * 1024;
	uint8_t *data = malloc(size);

	(void)state;
	memset(data, '0', size);
	try_input(data, size);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seeds_and_their_mutations_end_in_order),
		cmocka_unit_test(long_texts_stay_cheap),
		cmocka_unit_test(growing_structures_are_bounded),
		cmocka_unit_test(definitions_and_methods_together_stay_cheap),
		cmocka_unit_test(records_within_records_are_bounded),
		cmocka_unit_test(a_small_text_cannot_ask_for_endless_output),
		cmocka_unit_test(definitions_far_ahead_do_not_exhaust_the_stack),
		cmocka_unit_test(texts_over_the_limit_are_refused),
	};
#ifndef KX_SANITIZED
	const struct rlimit limit = {MEMORY, MEMORY};

	if (setrlimit(RLIMIT_AS, &limit) != 0)
		return 1;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
