/* SPDX-License-Identifier: Apache-2.0 */

/* --record; see record.h. */

#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx_record.h"
#include "log.h"

struct entry {
	struct entry *next;
	size_t bytes;
	struct kx_record_entry head; /* what follows it in memory follows it in the file */
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t grown;
	/* lock */
	struct entry *first, **last;
	size_t waiting; /* bytes in the queue */
	uint64_t lost;  /* since the last one written */
	bool closing;
	/* IPC thread; fixed while it runs */
	bool on;
	/* the writing thread */
	FILE *out;
	uint64_t all_lost;
	char *path;
	pthread_t thread;
} record = {.lock = PTHREAD_MUTEX_INITIALIZER, .grown = PTHREAD_COND_INITIALIZER};

/* --- IPC thread ------------------------------------------------------------------- */

static void push(struct entry *entry)
{
	pthread_mutex_lock(&record.lock);
	if (!entry || record.waiting + entry->bytes > KX_RECORD_QUEUE) {
		record.lost++;
		free(entry);
	} else {
		entry->next = NULL;
		*record.last = entry;
		record.last = &entry->next;
		record.waiting += entry->bytes;
	}
	pthread_cond_signal(&record.grown);
	pthread_mutex_unlock(&record.lock);
}

static uint8_t *put(uint8_t *to, const void *from, size_t size)
{
	return size ? (uint8_t *)mempcpy(to, from, size) : to;
}

static uint8_t *put_handles(uint8_t *to, const struct kx_event *event)
{
	for (uint32_t i = 0; i < event->handle_count; i++) {
		const struct kx_event_handle *handle = &event->handles[i];
		struct kx_record_handle kept = {handle->sid, handle->offset, handle->rights};

		to = put(to, &kept, sizeof(kept));
	}
	return to;
}

static struct entry *make_entry(const struct kx_event *event, enum kx_verdict verdict)
{
	const char *texts[KX_RECORD_TEXTS] = {event->src.class_name, event->src.task_name,
					      event->dst.class_name, event->dst.task_name,
					      event->endpoint,       event->qualified,
					      event->interface_name, event->method};
	uint32_t fixed = event->fixed ? event->fixed_size : 0;
	uint32_t arena = event->arena ? event->arena_size : 0;
	size_t bytes = event->handle_count * sizeof(struct kx_record_handle) + fixed + arena;
	struct entry *entry;
	uint8_t *at;

	for (unsigned i = 0; i < KX_RECORD_TEXTS; i++) {
		texts[i] = texts[i] ? texts[i] : "";
		bytes += strlen(texts[i]) + 1;
	}
	entry = malloc(sizeof(*entry) + bytes);
	if (!entry)
		return NULL;
	entry->bytes = sizeof(entry->head) + bytes;
	entry->head = (struct kx_record_entry){
		.bytes = (uint32_t)bytes,
		.kind = event->kind,
		.number = event->number,
		.verdict = verdict,
		.src_sid = event->src.sid,
		.dst_sid = event->dst.sid,
		.riid = event->riid,
		.mid = event->mid,
		.has_fixed = event->fixed != NULL,
		.fixed_size = fixed,
		.arena_size = arena,
		.handle_count = event->handle_count,
	};
	at = (uint8_t *)(&entry->head + 1);
	for (unsigned i = 0; i < KX_RECORD_TEXTS; i++)
		at = put(at, texts[i], strlen(texts[i]) + 1);
	at = put_handles(at, event);
	at = put(at, event->fixed, fixed);
	(void)put(at, event->arena, arena);
	return entry;
}

void kx_record_event(const struct kx_event *event, enum kx_verdict verdict)
{
	if (record.on)
		push(make_entry(event, verdict));
}

void kx_record_forget(uint32_t sid)
{
	struct entry *entry;

	if (!record.on)
		return;
	entry = calloc(1, sizeof(*entry));
	if (entry) {
		entry->bytes = sizeof(entry->head);
		entry->head.kind = KX_RECORD_FORGET;
		entry->head.src_sid = sid;
	}
	push(entry);
}

/* --- the writing thread -------------------------------------------------------------- */

/* Everything that waits; waits for something unless the end has come. */
static struct entry *take_all(uint64_t *lost, bool *end)
{
	struct entry *list;

	pthread_mutex_lock(&record.lock);
	while (!record.first && !record.lost && !record.closing)
		pthread_cond_wait(&record.grown, &record.lock);
	list = record.first;
	record.first = NULL;
	record.last = &record.first;
	record.waiting = 0;
	*lost = record.lost;
	record.lost = 0;
	*end = record.closing && !list && !*lost;
	pthread_mutex_unlock(&record.lock);
	return list;
}

static void write_list(struct entry *list, uint64_t lost)
{
	struct kx_record_entry gap = {.kind = KX_RECORD_LOST, .number = lost};

	while (list) {
		struct entry *next = list->next;

		/* ferror() is looked at once, when the file is closed. */
		(void)fwrite(&list->head, list->bytes, 1, record.out);
		free(list);
		list = next;
	}
	if (lost)
		(void)fwrite(&gap, sizeof(gap), 1, record.out);
	record.all_lost += lost;
}

static void *write_events(void *unused)
{
	bool end = false;

	while (!end) {
		uint64_t lost;
		struct entry *list = take_all(&lost, &end);

		write_list(list, lost);
	}
	return unused;
}

/* --- main ----------------------------------------------------------------------------- */

static void forget_path(void)
{
	free(record.path);
	record.path = NULL;
}

int kx_record_open(const char *path)
{
	struct kx_record_file head = {KX_RECORD_MAGIC, KX_RECORD_VERSION};
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int error = ENOMEM;

	if (fd < 0)
		return -errno;
	record.path = strdup(path);
	record.out = record.path ? fdopen(fd, "w") : NULL;
	if (!record.out) {
		(void)close(fd);
		goto undo_path;
	}
	(void)fwrite(&head, sizeof(head), 1, record.out);
	record.last = &record.first;
	record.closing = false;
	record.all_lost = 0;
	error = pthread_create(&record.thread, NULL, write_events, NULL);
	if (error)
		goto undo_file;
	record.on = true;
	return 0;
undo_file:
	(void)fclose(record.out);
undo_path:
	forget_path();
	return -error;
}

int kx_record_close(void)
{
	bool failed;

	if (!record.on)
		return 0;
	record.on = false;
	pthread_mutex_lock(&record.lock);
	record.closing = true;
	pthread_cond_signal(&record.grown);
	pthread_mutex_unlock(&record.lock);
	(void)pthread_join(record.thread, NULL);
	failed = ferror(record.out) != 0;
	failed |= fclose(record.out) != 0;
	if (failed)
		kx_log("the record %s is not complete: it could not be written", record.path);
	if (record.all_lost)
		kx_log("the record %s lacks %" PRIu64 " event%s: the disk was too slow",
		       record.path, record.all_lost, record.all_lost == 1 ? "" : "s");
	forget_path();
	return failed ? -1 : 0;
}
