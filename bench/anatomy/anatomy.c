/* SPDX-License-Identifier: Apache-2.0 */
#include "anatomy.h"

#include <stdio.h>
#include <stdlib.h>

#include "measure/clock.h"

#define PATH_ROOM 32u
#define K_AGAIN   14u /* rank of the kernel process's second waking up */

enum kind {
	FIXED,   /* each call has it */
	RELAYED, /* each relayed call has it */
	RING,    /* may be missing: the end of a system call that wakes */
	AWAKE,   /* may be missing: the end of a sleep */
};

static const struct {
	const char *name;
	unsigned rank;
	enum kind kind;
	enum kx_where own; /* a gap that ends here, unless it was spent waiting */
} points[KX_STAMP_COUNT] = {
	[KX_STAMP_CALL] = {"Call entered", 0, FIXED, KX_WHERE_CLIENT},
	[KX_STAMP_POSTED] = {"request published", 1, FIXED, KX_WHERE_CLIENT},
	[KX_STAMP_RUNG] = {"other side rung", 2, RING, KX_WHERE_RING},
	[KX_STAMP_K_RUNNING] = {"kernel process running", 3, AWAKE, KX_WHERE_WAKE},
	[KX_STAMP_K_TAKEN] = {"kernel process found it", 4, RELAYED, KX_WHERE_KERNEL},
	[KX_STAMP_K_JUDGED] = {"copied and decided", 5, RELAYED, KX_WHERE_KERNEL},
	[KX_STAMP_K_POSTED] = {"published to the server", 6, RELAYED, KX_WHERE_KERNEL},
	[KX_STAMP_K_RUNG] = {"server rung", 7, RING, KX_WHERE_RING},
	[KX_STAMP_RUNNING] = {"server running", 8, AWAKE, KX_WHERE_WAKE},
	[KX_STAMP_TAKEN] = {"server found it", 9, FIXED, KX_WHERE_SERVER},
	[KX_STAMP_RECEIVED] = {"checked: Recv returns", 10, FIXED, KX_WHERE_SERVER},
	[KX_STAMP_REPLY] = {"handler done: Reply entered", 11, FIXED, KX_WHERE_HANDLER},
	[KX_STAMP_REPLIED] = {"reply published", 12, FIXED, KX_WHERE_SERVER},
	[KX_STAMP_WOKE] = {"other side woken", 13, RING, KX_WHERE_RING},
	[KX_STAMP_K_REPLY] = {"kernel process found the reply", 15, RELAYED, KX_WHERE_KERNEL},
	[KX_STAMP_K_APPROVED] = {"reply copied and decided", 16, RELAYED, KX_WHERE_KERNEL},
	[KX_STAMP_K_ANSWERED] = {"published to the client", 17, RELAYED, KX_WHERE_KERNEL},
	[KX_STAMP_K_WOKE] = {"client woken", 18, RING, KX_WHERE_RING},
	[KX_STAMP_AWAKE] = {"client running", 19, AWAKE, KX_WHERE_WAKE},
	[KX_STAMP_ANSWERED] = {"client found the reply", 20, FIXED, KX_WHERE_CLIENT},
	[KX_STAMP_DONE] = {"Call returns", 21, FIXED, KX_WHERE_CLIENT},
};

struct path {
	struct kx_stamp_event event[PATH_ROOM];
	unsigned rank[PATH_ROOM];
	unsigned count;
};

const char *kx_where_name(enum kx_where where)
{
	static const char *const names[KX_WHERE_COUNT] = {
		[KX_WHERE_CPU] = "waiting for a CPU",
		[KX_WHERE_WAKE] = "waking up on another core",
		[KX_WHERE_RING] = "in the system call that wakes the other side",
		[KX_WHERE_LINE] = "looking for the cache line of another core",
		[KX_WHERE_CLIENT] = "in the client's Call",
		[KX_WHERE_SERVER] = "in the server's Recv and Reply",
		[KX_WHERE_HANDLER] = "in the server's own handler",
		[KX_WHERE_KERNEL] = "in the kernel process",
	};

	return names[where];
}

const char *kx_stamp_name(enum kx_stamp point)
{
	return points[point].name;
}

unsigned kx_stamp_rank(enum kx_stamp point)
{
	return points[point].rank;
}

static bool may_be_missing(const struct kx_stamp_event *event)
{
	return points[event->point].kind == RING || points[event->point].kind == AWAKE;
}

/* The kernel process may wake up twice in a call: the second time after the server has it. */
static unsigned rank_of(const struct path *path, const struct kx_stamp_event *event)
{
	if (event->point == KX_STAMP_K_RUNNING && path->count &&
	    path->rank[path->count - 1] > points[KX_STAMP_K_TAKEN].rank)
		return K_AGAIN;
	return points[event->point].rank;
}

/*
 * Puts the next stamp in time on the path. What came too late, a ring after the
 * rung party ran, is left out; what came too early, a sleep that ended before
 * there was anything to wake up for, is taken back. False: this is no call.
 */
static bool put(struct path *path, const struct kx_stamp_event *event)
{
	unsigned rank = rank_of(path, event);

	while (path->count && path->rank[path->count - 1] >= rank) {
		const struct kx_stamp_event *last = &path->event[path->count - 1];

		if (may_be_missing(event) && path->rank[path->count - 1] != rank)
			return true;
		if (!may_be_missing(last))
			return false;
		path->count--;
	}
	if (path->count == PATH_ROOM)
		return false;
	path->event[path->count] = *event;
	path->rank[path->count++] = rank;
	return true;
}

/* Has each stamp that a direct or a relayed call must have, of one and the same slot? */
static bool is_whole(const struct path *path, bool *relayed)
{
	uint32_t has = 0;
	uint32_t key[KX_STAMP_COUNT] = {0};

	for (unsigned i = 0; i < path->count; i++) {
		has |= 1u << path->event[i].point;
		key[path->event[i].point] = path->event[i].key;
	}
	*relayed = has >> KX_STAMP_K_TAKEN & 1u;
	for (unsigned p = 0; p < KX_STAMP_COUNT; p++)
		if (!(has >> p & 1u) &&
		    (points[p].kind == FIXED || (points[p].kind == RELAYED && *relayed)))
			return false;
	if (!*relayed)
		return key[KX_STAMP_POSTED] == key[KX_STAMP_TAKEN];
	return key[KX_STAMP_POSTED] == key[KX_STAMP_K_TAKEN] &&
	       key[KX_STAMP_K_POSTED] == key[KX_STAMP_TAKEN] &&
	       key[KX_STAMP_K_POSTED] == key[KX_STAMP_K_REPLY] &&
	       key[KX_STAMP_POSTED] == key[KX_STAMP_K_ANSWERED];
}

/* Does the party that goes on at @event have waited for the one before? */
static bool takes_over(const struct kx_stamp_event *event)
{
	return points[event->point].kind == AWAKE || event->point == KX_STAMP_TAKEN ||
	       event->point == KX_STAMP_K_TAKEN || event->point == KX_STAMP_K_REPLY ||
	       event->point == KX_STAMP_ANSWERED;
}

static enum kx_where where_of(const struct kx_stamp_event *before,
			      const struct kx_stamp_event *event)
{
	enum kx_where own = points[event->point].own;

	if (!takes_over(event) || points[before->point].kind == AWAKE)
		return own;
	if (before->cpu == event->cpu)
		return KX_WHERE_CPU;
	return points[event->point].kind == AWAKE ? own : KX_WHERE_LINE;
}

static unsigned count_cores(const struct path *path)
{
	unsigned cores = 0;

	for (unsigned i = 0; i < path->count; i++) {
		bool fresh = true;

		for (unsigned j = 0; j < i; j++)
			fresh &= path->event[i].cpu != path->event[j].cpu;
		cores += fresh;
	}
	return cores;
}

static bool make_room(struct kx_anatomy *anatomy)
{
	size_t room = anatomy->room ? anatomy->room * 2 : 1024;
	struct kx_dissected *call;

	if (anatomy->count < anatomy->room)
		return true;
	call = realloc(anatomy->call, room * sizeof(*call));
	if (!call)
		return false;
	anatomy->call = call;
	anatomy->room = room;
	return true;
}

static bool dissect(struct kx_anatomy *anatomy, const struct path *path)
{
	struct kx_dissected call = {0};

	for (unsigned i = 1; i < path->count; i++) {
		const struct kx_stamp_event *event = &path->event[i];
		uint32_t ticks = (uint32_t)(event->ticks - path->event[i - 1].ticks);

		call.part[where_of(&path->event[i - 1], event)] += ticks;
		call.total += ticks;
		kx_hist_record(&anatomy->step[event->point], kx_clock_ns(ticks));
	}
	if (!make_room(anatomy))
		return false;
	anatomy->call[anatomy->count++] = call;
	anatomy->stamps += path->count;
	anatomy->cores = count_cores(path);
	return true;
}

bool kx_anatomy_add(struct kx_anatomy *anatomy, struct kx_stamp_list *list)
{
	struct path path = {.count = 0};
	bool inside = false; /* a call has begun and is right so far */

	if (anatomy->count == 0 && anatomy->unfit == 0)
		for (unsigned p = 0; p < KX_STAMP_COUNT; p++)
			kx_hist_clear(&anatomy->step[p]);
	kx_stamps_sort(list);
	for (size_t i = 0; i < list->count; i++) {
		const struct kx_stamp_event *event = &list->event[i];

		if (event->point == KX_STAMP_CALL) {
			anatomy->unfit += inside;
			path.count = 0;
			inside = put(&path, event);
		} else if (inside && !put(&path, event)) {
			anatomy->unfit++;
			inside = false;
		} else if (inside && event->point == KX_STAMP_DONE) {
			inside = false;
			if (!is_whole(&path, &anatomy->relayed))
				anatomy->unfit++;
			else if (!dissect(anatomy, &path))
				return false;
		}
	}
	return true;
}

static int by_total(const void *a, const void *b)
{
	const struct kx_dissected *x = a;
	const struct kx_dissected *y = b;

	return (x->total > y->total) - (x->total < y->total);
}

struct kx_shares kx_anatomy_shares(struct kx_anatomy *anatomy, uint32_t from, uint32_t to)
{
	struct kx_shares shares = {.calls = 0};
	size_t first = anatomy->count * from / 100000;
	size_t end = anatomy->count * to / 100000;
	double total = 0.0;

	if (anatomy->count)
		qsort(anatomy->call, anatomy->count, sizeof(*anatomy->call), by_total);
	if (end == first && end < anatomy->count)
		end++;
	for (size_t i = first; i < end; i++) {
		total += anatomy->call[i].total;
		for (unsigned w = 0; w < KX_WHERE_COUNT; w++)
			shares.part[w] += anatomy->call[i].part[w];
	}
	for (unsigned w = 0; total > 0.0 && w < KX_WHERE_COUNT; w++)
		shares.part[w] /= total;
	shares.calls = end - first;
	if (shares.calls)
		shares.mean_ns = (double)kx_clock_ns((uint64_t)total) / (double)shares.calls;
	return shares;
}

/* Why the time went there, as far as the stamps tell. */
static void say_why(const struct kx_anatomy *anatomy, enum kx_where where, char *text, size_t size)
{
	const char *parties =
		anatomy->relayed ? "client, kernel process and server" : "client and server";

	text[0] = '\0';
	if (where == KX_WHERE_CPU && anatomy->cores == 1)
		(void)snprintf(text, size, ": %s share one core", parties);
	else if (where == KX_WHERE_CPU)
		(void)snprintf(text, size, ": %s share %u cores", parties, anatomy->cores);
	else if (where == KX_WHERE_WAKE)
		(void)snprintf(text, size, ": somebody slept and had to be woken");
}

void kx_anatomy_say(const struct kx_anatomy *anatomy, const struct kx_shares *shares, char *text,
		    size_t size)
{
	enum kx_where first = KX_WHERE_CPU;
	enum kx_where second;
	char why[96];

	for (unsigned w = 1; w < KX_WHERE_COUNT; w++)
		if (shares->part[w] > shares->part[first])
			first = (enum kx_where)w;
	second = first == KX_WHERE_CPU ? KX_WHERE_WAKE : KX_WHERE_CPU;
	for (unsigned w = 0; w < KX_WHERE_COUNT; w++)
		if (w != first && shares->part[w] > shares->part[second])
			second = (enum kx_where)w;
	say_why(anatomy, first, why, sizeof(why));
	(void)snprintf(text, size, "%.0f %% %s%s; %.0f %% %s", 100.0 * shares->part[first],
		       kx_where_name(first), why, 100.0 * shares->part[second],
		       kx_where_name(second));
}

void kx_anatomy_free(struct kx_anatomy *anatomy)
{
	free(anatomy->call);
	*anatomy = (struct kx_anatomy){0};
}
