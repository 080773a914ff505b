/* SPDX-License-Identifier: Apache-2.0 */

/* The ring of audit records; see audit_log.h. */

#include "audit_log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "audit_inside.h"
#include "mailbox.h"

static struct {
	pthread_mutex_t lock;
	pthread_cond_t grown;
	/* lock */
	struct kx_audit_record at[KX_AUDIT_RECORDS]; /* record n at n % KX_AUDIT_RECORDS */
	uint64_t first, next;                        /* kept: first .. next-1 */
	uint64_t read;                               /* some reader had all before this */
	size_t bytes;
	uint64_t made, lost;
	bool filed; /* a file is written: its thread counts what it missed */
	bool closing;
	/* control */
	void (*more)(void);
	/* any thread */
	_Atomic bool watched, posted;
	struct kx_job job;
} ring = {.lock = PTHREAD_MUTEX_INITIALIZER, .grown = PTHREAD_COND_INITIALIZER};

void kx_audit_record_clear(struct kx_audit_record *record)
{
	free(record->line);
	free(record->json);
	*record = (struct kx_audit_record){0};
}

static size_t bytes_of(const struct kx_audit_record *record)
{
	return strlen(record->line) + strlen(record->json) + 2;
}

static void drop_first(void)
{
	struct kx_audit_record *oldest = &ring.at[ring.first % KX_AUDIT_RECORDS];

	if (!ring.filed && ring.first >= ring.read)
		ring.lost++;
	ring.first++;
	ring.bytes -= bytes_of(oldest);
	kx_audit_record_clear(oldest);
}

static void run_more(struct kx_job *job)
{
	(void)job;
	atomic_store(&ring.posted, false);
	ring.more();
}

void kx_audit_log_add(const struct kx_audit_record *record)
{
	struct kx_audit_record taken = *record;

	pthread_mutex_lock(&ring.lock);
	ring.made++;
	if (!taken.line || !taken.json) {
		kx_audit_record_clear(&taken);
		ring.lost++;
	} else {
		while (ring.next > ring.first && (ring.next - ring.first == KX_AUDIT_RECORDS ||
						  ring.bytes + bytes_of(&taken) > KX_AUDIT_BYTES))
			drop_first();
		ring.bytes += bytes_of(&taken);
		ring.at[ring.next++ % KX_AUDIT_RECORDS] = taken;
	}
	pthread_cond_signal(&ring.grown);
	pthread_mutex_unlock(&ring.lock);
	if (atomic_load(&ring.watched) && !atomic_exchange(&ring.posted, true))
		kx_control_post(&ring.job);
}

/* Under the lock. */
static bool copy_out(uint64_t number, struct kx_audit_record *copy)
{
	const struct kx_audit_record *kept = &ring.at[number % KX_AUDIT_RECORDS];

	*copy = *kept;
	copy->line = strdup(kept->line);
	copy->json = strdup(kept->json);
	if (copy->line && copy->json)
		return true;
	kx_audit_record_clear(copy);
	return false;
}

/* Under the lock. */
static bool get(uint64_t *position, struct kx_audit_record *copy, uint64_t *lost)
{
	uint64_t at = *position < ring.first ? ring.first : *position;

	if (at >= ring.next || !copy_out(at, copy))
		return false;
	*lost = at - *position;
	*position = at + 1;
	if (*position > ring.read)
		ring.read = *position;
	return true;
}

bool kx_audit_log_get(uint64_t *position, struct kx_audit_record *copy, uint64_t *lost)
{
	bool got;

	pthread_mutex_lock(&ring.lock);
	got = get(position, copy, lost);
	pthread_mutex_unlock(&ring.lock);
	return got;
}

bool kx_audit_log_wait(uint64_t *position, struct kx_audit_record *copy, uint64_t *lost)
{
	bool got;

	pthread_mutex_lock(&ring.lock);
	while (!(got = get(position, copy, lost)) && !ring.closing)
		pthread_cond_wait(&ring.grown, &ring.lock);
	pthread_mutex_unlock(&ring.lock);
	return got;
}

void kx_audit_log_filed(void)
{
	pthread_mutex_lock(&ring.lock);
	ring.filed = true;
	pthread_mutex_unlock(&ring.lock);
}

void kx_audit_log_end(void)
{
	pthread_mutex_lock(&ring.lock);
	ring.closing = true;
	ring.filed = false;
	pthread_cond_signal(&ring.grown);
	pthread_mutex_unlock(&ring.lock);
}

void kx_audit_log_lost(uint64_t count)
{
	pthread_mutex_lock(&ring.lock);
	ring.lost += count;
	pthread_mutex_unlock(&ring.lock);
}

bool kx_audit_log_find(uint64_t event, struct kx_audit_record *copy)
{
	bool found = false;

	pthread_mutex_lock(&ring.lock);
	for (uint64_t n = ring.next; n > ring.first && !found; n--)
		if (!event || ring.at[(n - 1) % KX_AUDIT_RECORDS].event == event)
			found = copy_out(n - 1, copy);
	pthread_mutex_unlock(&ring.lock);
	return found;
}

void kx_audit_log_clear(void)
{
	while (ring.first < ring.next)
		kx_audit_record_clear(&ring.at[ring.first++ % KX_AUDIT_RECORDS]);
	ring.bytes = 0;
}

void kx_audit_log_watch(void (*more)(void))
{
	ring.more = more;
	ring.job.run = run_more;
	atomic_store(&ring.watched, true);
}

struct kx_audit_counts kx_audit_log_counts(void)
{
	struct kx_audit_counts counts;

	pthread_mutex_lock(&ring.lock);
	counts = (struct kx_audit_counts){ring.made, ring.lost};
	pthread_mutex_unlock(&ring.lock);
	return counts;
}
