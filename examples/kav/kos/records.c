/* SPDX-License-Identifier: Apache-2.0 */

/* The table of records; small enough to look through. */

#include "records.h"

#include <coresrv/vmm/vmm_api.h>
#include <kos/random/random_api.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS 256

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct kx_kav_record records[RECORDS]; /* a taken record's content is its taker's */
static uint64_t uses;

static void forget(struct kx_kav_record *record)
{
	struct kx_kav_verdict verdict;

	if (record->kind == KX_KAV_RECORD_MEMORY && record->start)
		(void)KnVmUnmap((void *)record->start, record->size);
	if (record->kind == KX_KAV_RECORD_SCAN && record->scan) {
		kx_kav_scan_end(record->scan, &verdict);
		free(record->scan);
	}
	memset(record, 0, sizeof(*record));
}

/* A free record, or the one used longest ago. */
static struct kx_kav_record *find_place_locked(void)
{
	struct kx_kav_record *oldest = NULL;

	for (size_t i = 0; i < RECORDS; i++) {
		struct kx_kav_record *record = &records[i];

		if (record->taken)
			continue;
		if (record->kind == KX_KAV_RECORD_NONE)
			return record;
		if (!oldest || record->used < oldest->used)
			oldest = record;
	}
	return oldest;
}

struct kx_kav_record *kx_kav_record_make(enum kx_kav_record_kind kind)
{
	struct kx_kav_record *record;
	uint64_t id = 0;

	if (KosRandomGenerate(sizeof(id), &id) != rcOk || id == 0)
		return NULL;
	(void)pthread_mutex_lock(&mutex);
	record = find_place_locked();
	if (record) {
		forget(record);
		*record = (struct kx_kav_record){.kind = kind, .taken = true, .id = id};
	}
	(void)pthread_mutex_unlock(&mutex);
	return record;
}

struct kx_kav_record *kx_kav_record_take(uint64_t id, enum kx_kav_record_kind kind)
{
	struct kx_kav_record *found = NULL;

	(void)pthread_mutex_lock(&mutex);
	for (size_t i = 0; i < RECORDS && !found; i++)
		if (!records[i].taken && records[i].kind == kind && records[i].id == id)
			found = &records[i];
	if (found) {
		found->taken = true;
		found->used = ++uses;
	}
	(void)pthread_mutex_unlock(&mutex);
	return found;
}

void kx_kav_record_put(struct kx_kav_record *record)
{
	if (!record)
		return;
	(void)pthread_mutex_lock(&mutex);
	record->taken = false;
	record->used = ++uses;
	(void)pthread_mutex_unlock(&mutex);
}

void kx_kav_record_drop(struct kx_kav_record *record)
{
	(void)pthread_mutex_lock(&mutex);
	forget(record);
	(void)pthread_mutex_unlock(&mutex);
}
