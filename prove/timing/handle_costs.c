/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What handles cost the more of them there are, in the kernel process's own code, without
 * messages and without other threads:
 *
 *   H-04  a look-up's 99th percentile from 1,024 to a million, and making and closing one
 *   H-07  a chain of transfers 1,000, 10,000 and 100,000 deep whose root is revoked
 *
 * A million do not fit into the processor's caches, whatever looks them up. So beside each look-up
 * stands the least that a table of pointers can do, over as many records of the same size: what
 * that takes longer over many than over few is the machine's part, and is not judged. Few and
 * many are measured in turn, and of each the fastest window counts.
 */

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <x86intrin.h>

#include "handle_pool.h"
#include "kernel_fixture.h"
#include "result.h"
#include "user.h"

#define TASKS   256u
#define FEW     4u    /* of each task; in all 1,024 */
#define MANY    3907u /* a million */
#define QUERIES 16384u
#define STACK   (256u << 10)

static struct kx_campaign campaign;
static struct kx_task *tasks[TASKS];
static uint32_t values[TASKS][MANY];
static double ns_per_tick;

static void calibrate(void)
{
	uint64_t start_ns = kx_prove_now_ns();
	uint64_t start = __rdtsc();

	while (kx_prove_now_ns() - start_ns < 50000000u)
		;
	ns_per_tick = (double)(kx_prove_now_ns() - start_ns) / (double)(__rdtsc() - start);
}

static int by_size(const void *a, const void *b)
{
	const uint32_t *x = a;
	const uint32_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* --- look-ups ------------------------------------------------------------------------------ */

/* As long as a handle; found by a pointer. */
struct record {
	uint32_t value;
	uint8_t rest[60];
};

struct query {
	struct kx_task *task;
	uint32_t value;
	uint32_t record;
};

static struct query queries[QUERIES];
static struct record *records;
static struct record **table;

static void make_records(void)
{
	records = calloc((size_t)TASKS * MANY, sizeof(*records));
	table = calloc((size_t)TASKS * MANY, sizeof(struct record *));
	if (!records || !table)
		exit(77);
	for (uint32_t i = 0; i < TASKS * MANY; i++) {
		records[i].value = i;
		table[i] = &records[i];
	}
}

/* Any handles of the first @each of every task, and as many records. */
static void draw_queries(uint32_t each)
{
	for (uint32_t i = 0; i < QUERIES; i++) {
		uint32_t task = (uint32_t)kx_random(&campaign, TASKS);
		uint32_t n = (uint32_t)kx_random(&campaign, each);

		queries[i] = (struct query){tasks[task], values[task][n], task * each + n};
	}
}

static bool finds_handle(const struct query *query)
{
	struct kx_handle *handle;

	return kx_handle_find(query->task, query->value, &handle) == KX_RC_OK &&
	       handle->value == query->value;
}

static bool finds_record(const struct query *query)
{
	return table[query->record]->value == query->record;
}

/* 99th percentile of @find over the queries, in ticks; each is timed alone. */
static uint32_t percentile(bool (*find)(const struct query *query))
{
	static uint32_t ticks[QUERIES];
	bool all = true;

	for (uint32_t i = 0; i < QUERIES; i++) {
		uint64_t start;

		_mm_lfence();
		start = __rdtsc();
		_mm_lfence();
		all &= find(&queries[i]);
		_mm_lfence();
		ticks[i] = (uint32_t)(__rdtsc() - start);
	}
	if (!all)
		abort();
	qsort(ticks, QUERIES, sizeof(ticks[0]), by_size);
	return ticks[QUERIES / 100 * 99];
}

struct look {
	uint32_t handle;
	uint32_t record;
};

static void keep_least(uint32_t *least, uint32_t ticks)
{
	if (!*least || ticks < *least)
		*least = ticks;
}

/* One of others first: of few all are near then, as if nothing else had been looked up before. */
static uint32_t settled(bool (*find)(const struct query *query), uint32_t each)
{
	draw_queries(each);
	(void)percentile(find);
	draw_queries(each);
	return percentile(find);
}

static void window(struct look *look, uint32_t each)
{
	keep_least(&look->handle, settled(finds_handle, each));
	keep_least(&look->record, settled(finds_record, each));
}

/* --- making and closing -------------------------------------------------------------------- */

static uint32_t make_copy(struct kx_task *task, uint32_t from)
{
	uint32_t value = 0;

	if (kx_handle_copy(task, from, ~0u, KX_HANDLE_INVALID, &value) != KX_RC_OK)
		abort();
	return value;
}

/* Copies of a task's first handle, up to @each. */
static void grow(uint32_t from, uint32_t each)
{
	for (uint32_t t = 0; t < TASKS; t++)
		for (uint32_t n = from; n < each; n++)
			values[t][n] = make_copy(tasks[t], values[t][0]);
}

/* Another place of its table for each of a few: free places are not all at the end. */
static void shuffle(uint32_t each)
{
	for (uint32_t i = 0; i < TASKS * 64; i++) {
		uint32_t t = (uint32_t)kx_random(&campaign, TASKS);
		uint32_t n = 1 + (uint32_t)kx_random(&campaign, each - 1);

		(void)kx_handle_close(tasks[t], values[t][n]);
		values[t][n] = make_copy(tasks[t], values[t][0]);
	}
}

/* Nanoseconds of one handle made and closed, the mean of a window over all tasks. */
static double make_and_close(void)
{
	uint64_t start = kx_prove_now_ns();

	for (uint32_t i = 0; i < 4 * TASKS; i++) {
		struct kx_task *task = tasks[i % TASKS];

		(void)kx_handle_close(task, make_copy(task, values[i % TASKS][0]));
	}
	return (double)(kx_prove_now_ns() - start) / (4 * TASKS);
}

static double least_to_make(void)
{
	double least = 0;

	for (unsigned i = 0; i < 40; i++) {
		double ns = make_and_close();

		if (!i || ns < least)
			least = ns;
	}
	return least;
}

static unsigned long anonymous_kib(void)
{
	unsigned long kib = 0;
	char line[200];
	FILE *status = fopen("/proc/self/status", "re");

	while (status && fgets(line, sizeof(line), status))
		(void)sscanf(line, "RssAnon: %lu", &kib);
	if (status)
		(void)fclose(status);
	return kib;
}

/* --- H-04 ---------------------------------------------------------------------------------- */

#define FLAT  1.2 /* of 1,024 handles, once the machine's part is taken away */
#define TWICE 2.0 /* no fifth: it is a matter of which lines are near, and differs by run */
#define BYTES 80  /* 64, a pointer and a generation in the table, and a little for the block */

static unsigned over(const char *what, double is, double bound)
{
	fprintf(stderr, "H-04: %s: %.1f, at most %.1f\n", what, is, bound);
	return is > bound;
}

/* What a look-up among many may take: as among few, and what the machine takes longer. */
static double bound_of(const struct look *few, const struct look *many)
{
	return FLAT * ((double)few->handle + (double)many->record - (double)few->record);
}

/* In turn, and longer if others seem to have disturbed it: the fastest windows count. */
static void look_up(struct look *few, struct look *many)
{
	for (unsigned i = 0; i < 60 || (i < 240 && many->handle > bound_of(few, many)); i++) {
		window(few, FEW);
		window(many, MANY);
	}
}

static void costs(void)
{
	struct look alone = {0}, few = {0}, many = {0};
	double made[2], bytes;
	unsigned long kib;
	unsigned failures;

	make_records();
	grow(1, FEW);
	for (unsigned i = 0; i < 60; i++)
		window(&alone, FEW);
	made[0] = least_to_make();
	kib = anonymous_kib();
	grow(FEW, MANY);
	bytes = (double)(anonymous_kib() - kib) * 1024 / (TASKS * (MANY - FEW));
	shuffle(MANY);
	look_up(&few, &many);
	made[1] = least_to_make();
	failures = over("ticks of a look-up among all", many.handle, bound_of(&few, &many)) +
		   over("of the same few, beside as many", few.handle, TWICE * alone.handle) +
		   over("ns to make and close one", made[1], TWICE * made[0]) +
		   over("bytes each", bytes, BYTES);
	kx_result(&campaign, "H-04", "P8", (uint64_t)TASKS * MANY, "handles", failures,
		  "look-up p99 %.0f ns of 1,024, %.0f of all; a bare table of pointers %.0f and "
		  "%.0f; made and closed in %.0f and %.0f ns; %.1f bytes each",
		  few.handle * ns_per_tick, many.handle * ns_per_tick, few.record * ns_per_tick,
		  many.record * ns_per_tick, made[0], made[1], bytes);
}

/* --- H-07 ---------------------------------------------------------------------------------- */

#define DEEP  100000u
#define RINGS 32u /* tasks that a chain goes through, again and again */

/* From task to task, back to the first after the last; the owner is none of them. */
static void chain(struct kx_task *owner, uint32_t root, uint32_t depth)
{
	struct kx_task *from = owner;
	struct kx_handle_desc in = {.handle = root, .rights = ~0u};
	struct kx_handle_desc out;
	bool created;

	for (uint32_t i = 0; i < depth; i++) {
		if (kx_handle_transfer(from, tasks[i % RINGS], &in, &out, &created) != KX_RC_OK ||
		    !created)
			abort();
		from = tasks[i % RINGS];
		in.handle = out.handle;
	}
}

/* Nanoseconds for each handle of a chain: made, revoked at its root, and closed by who has it. */
static double chain_costs(struct kx_task *owner, uint32_t depth)
{
	uint64_t start = kx_prove_now_ns();
	uint32_t root;

	if (kx_user_create(owner, 0x8000, KX_RIGHT_ALL, 1, KX_HANDLE_INVALID, 0, &root) != KX_RC_OK)
		abort();
	chain(owner, root, depth);
	if (kx_handle_revoke(owner, root) != KX_RC_OK)
		abort();
	for (uint32_t i = 0; i < RINGS; i++)
		kx_handle_close_all(tasks[i]);
	return (double)(kx_prove_now_ns() - start) / depth;
}

static double least_of_chains(struct kx_task *owner, uint32_t depth)
{
	double least = 0;

	for (unsigned turn = 0; turn < 7; turn++) {
		double ns = chain_costs(owner, depth);

		if (!turn || ns < least)
			least = ns;
		urcu_memb_barrier(); /* places are used again after it */
	}
	return least;
}

/*
 * Of each handle, ten times as much in a chain hundred times as deep would be n to the 1.5. What
 * is worse than that at a tenth of the depth would not end at all of it.
 */
static void chains(void)
{
	struct kx_task *owner = make_task("owner");
	double shallow = least_of_chains(owner, DEEP / 100);
	double middle = least_of_chains(owner, DEEP / 10);
	bool grows = middle > 4 * shallow;
	double deep = grows ? 0 : least_of_chains(owner, DEEP);

	kx_result(&campaign, "H-07", "P8", DEEP, "handles", grows || deep > 10 * shallow,
		  "deep, on a stack of %u KiB; %.0f, %.0f and %.0f ns each to make, revoke at the "
		  "root and close chains of 1,000, 10,000 and 100,000",
		  STACK >> 10, shallow, middle, deep);
}

/* --- all of it ----------------------------------------------------------------------------- */

/* On a small stack: what recurses crashes. */
static void *run(void *unused)
{
	struct rlimit files;
	void *state = NULL;

	(void)getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max; /* each task has some */
	(void)setrlimit(RLIMIT_NOFILE, &files);
	if (kernel_setup(&state) != 0)
		exit(77);
	for (uint32_t i = 0; i < TASKS; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "t%u", i);
		tasks[i] = make_task(name);
	}
	if (kx_wants(&campaign, "H-07"))
		chains();
	for (uint32_t i = 0; i < TASKS; i++)
		if (kx_user_create(tasks[i], 0x8000, KX_RIGHT_ALL, 1, KX_HANDLE_INVALID, 0,
				   &values[i][0]) != KX_RC_OK)
			abort();
	if (kx_wants(&campaign, "H-04"))
		costs();
	(void)kernel_teardown(&state);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_attr_t small;
	pthread_t thread;

	kx_campaign_begin(&campaign, argc, argv);
	calibrate();
	(void)pthread_attr_init(&small);
	(void)pthread_attr_setstacksize(&small, STACK);
	if (pthread_create(&thread, &small, run, NULL) != 0)
		return 77;
	(void)pthread_join(thread, NULL);
	return kx_campaign_end(&campaign);
}
