/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Objects in System V shared memory. The daemon attaches with its own rights, so it looks first
 * whose segment it is: only the peer's own. The peer can write to it at any time; the engine
 * judges copies of its own.
 */

#include <errno.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "check.h"

#define SHOWN "shared memory"

/* The segment of @key, if it is the peer's and large enough; -1 and why not. */
static int find_segment(const struct kx_kav_check *check, uint32_t key, uint64_t size,
			const char **why)
{
	uint64_t offset = check->front->options.memory_offset;
	struct shmid_ds segment;
	int id = shmget((key_t)key, 0, 0);

	*why = "no such segment, or not one this daemon may read";
	if (key == 0 || id < 0 || shmctl(id, IPC_STAT, &segment) != 0)
		return -1;
	*why = "the segment belongs to another user";
	if (segment.shm_perm.cuid != check->peer->uid)
		return -1;
	*why = "the segment is smaller than the request says";
	if (offset > segment.shm_segsz || size > segment.shm_segsz - offset)
		return -1;
	return id;
}

static void scan_segment(struct kx_kav_check *check, uint8_t *bytes, uint64_t size)
{
	struct kx_kav_object object = kx_kav_object_memory(bytes, size);
	struct kx_kav_verdict verdict;

	object.stop = kx_kav_check_stop;
	object.stop_self = check;
	check->front->judge->scan(check->front->judge, &object, &verdict);
	if (verdict.remedy == KX_KAV_REMEDY_CURE && check->cure) {
		memcpy(bytes, kx_kav_cured_text, sizeof(kx_kav_cured_text));
		memset(bytes + sizeof(kx_kav_cured_text), 0,
		       (size_t)size - sizeof(kx_kav_cured_text));
		check->cured_size = sizeof(kx_kav_cured_text);
		verdict.code = KX_KAV_CURED;
	}
	kx_kav_report_add(&check->report, SHOWN, &verdict);
}

void kx_kav_check_memory(struct kx_kav_check *check, uint32_t key, uint64_t size)
{
	const char *why;
	int id = find_segment(check, key, size, &why);
	uint8_t *bytes;

	if (id < 0) {
		kx_kav_report_note(&check->report, SHOWN, why, KX_KAV_NOT_COMPLETE);
		return;
	}
	bytes = shmat(id, NULL, check->cure ? 0 : SHM_RDONLY);
	if (bytes == (void *)-1) {
		kx_kav_report_note(&check->report, SHOWN, strerrordesc_np(errno),
				   KX_KAV_NOT_COMPLETE);
		return;
	}
	scan_segment(check, bytes + check->front->options.memory_offset, size);
	(void)shmdt(bytes);
}
