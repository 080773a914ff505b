/* SPDX-License-Identifier: Apache-2.0 */

/* Prints what was denied, and says how many entries came when the fourth has. */

#include <stdio.h>
#include <string.h>

#include <klog_storage/server.h>
#include <kss/audit.h>
#include <watched/KlogStorage.edl.h>

static int count;

static int write_entry(void *ctx, const struct kl_KlogStorage_Entry *entry)
{
	(void)ctx;
	if (entry->reason == KSS_AUDIT_POSITION_DENY)
		fprintf(stderr, "storage: denied: %.25s\n",
			strstr((const char *)entry->msg, "watched.Visitor"));
	if (++count == 4)
		fprintf(stderr, "storage: four entries\n");
	return 0;
}

static int read_entries(void *ctx, nk_uint32_t num, struct kl_KlogStorage_Entry *entries)
{
	(void)ctx;
	(void)num;
	(void)entries;
	return 0;
}

static int read_range(void *ctx, nk_uint64_t first, nk_uint64_t last,
		      struct kl_KlogStorage_Entry *entries)
{
	(void)ctx;
	(void)first;
	(void)last;
	(void)entries;
	return 0;
}

int main(void)
{
	return klog_storage_run(
		KLOG_STORAGE_SERVER_CONNECTION_ID, watched_KlogStorage_klogStorage_iidOffset,
		watched_KlogStorage_klogStorage_storage_iid,
		klog_storage_storage_component(klog_storage_IKlog_storage_dispatcher(
			NULL, write_entry, read_entries, read_range)));
}
