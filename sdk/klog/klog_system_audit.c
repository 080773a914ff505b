/* SPDX-License-Identifier: Apache-2.0 */

/*
 * klog/system_audit.h: audit records from the kernel process to the storage
 * program. A record is its reason (kss/audit.h) and a text.
 */

#include <stdio.h>
#include <string.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/time/time_api.h>
#include <kl/KlogStorage.idl.h>
#include <klog/system_audit.h>
#include <klog_storage/client.h>
#include <kss/audit.h>
#include <rtl/retcode_hr.h>

#include "rt.h"

/* The oldest record as @entry; waits for one. */
static Retcode read_record(struct kl_KlogStorage_Entry *entry, uint32_t *lost)
{
	uint32_t args[KX_CALL_ARGS] = {KX_TIMEOUT_NONE};
	uint32_t size = sizeof(entry->msg) - 1;
	RtlTimeSpec now = {0, 0};
	Retcode rc;

	memset(entry->msg, 0, sizeof(entry->msg));
	rc = kx_rt_kcall(KX_CALL_AUDIT_READ, args, NULL, 0, entry->msg, &size);
	if (rc != rcOk)
		return rc;
	(void)KnGetSystemTime(&now);
	entry->id++;
	entry->time = (nk_uint64_t)now.sec * RTL_NSEC_PER_SEC + (nk_uint64_t)now.nsec;
	entry->reason = args[0];
	entry->length = size;
	*lost = args[1];
	return rcOk;
}

static nk_err_t send_record(struct kl_KlogStorage_proxy *proxy,
			    const struct kl_KlogStorage_Entry *entry)
{
	static char bytes[kl_KlogStorage_write_req_arena_size];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct kl_KlogStorage_write_req req;
	struct kl_KlogStorage_write_res res;

	if (nk_arena_store(struct kl_KlogStorage_Entry, &arena, &req.entry, entry, 1) != 0)
		return NK_ENOMEM;
	return kl_KlogStorage_write(&proxy->base, &req, &arena, &res, NULL);
}

/* Records that were overwritten before we came are an entry of their own. */
static nk_err_t send_loss(struct kl_KlogStorage_proxy *proxy, struct kl_KlogStorage_Entry *next,
			  uint32_t lost)
{
	static struct kl_KlogStorage_Entry entry;

	entry = *next;
	entry.reason = KSS_AUDIT_POSITION_UNDEFINED;
	memset(entry.msg, 0, sizeof(entry.msg));
	entry.length = (nk_uint32_t)snprintf((char *)entry.msg, sizeof(entry.msg),
					     "%u audit record%s lost: not read in time",
					     (unsigned)lost, lost == 1 ? " was" : "s were");
	next->id++;
	return send_record(proxy, &entry);
}

static int hand_over(struct kl_KlogStorage_proxy *proxy)
{
	static struct kl_KlogStorage_Entry entry;
	nk_err_t err = NK_EOK;
	uint32_t lost = 0;
	Retcode rc;

	while (err == NK_EOK) {
		rc = read_record(&entry, &lost);
		if (rc != rcOk) {
			(void)fprintf(stderr, "klog: no audit records: " RETCODE_HR_FMT "\n",
				      RETCODE_HR_PARAMS(rc));
			return 1;
		}
		if (lost)
			err = send_loss(proxy, &entry, lost);
		if (err == NK_EOK)
			err = send_record(proxy, &entry);
	}
	(void)fprintf(stderr, "klog: the storage program refused a record (%d)\n", err);
	return 1;
}

int klog_system_audit_run(const char *ids, nk_iid_t iid)
{
	const char *colon = strrchr(ids, ':');
	const char *channel = colon ? colon + 1 : KLOG_STORAGE_SERVER_CONNECTION_ID;
	Handle handle = ServiceLocatorConnect(channel);
	struct kl_KlogStorage_proxy proxy;
	NkKosTransport transport;
	nk_iid_t riid;

	(void)iid;
	riid = handle == INVALID_HANDLE ? INVALID_RIID
					: ServiceLocatorGetRiid(handle, "kl.KlogStorage.storage");
	if (riid == INVALID_RIID) {
		(void)fprintf(stderr, "klog: no channel %s to a program with kl.KlogStorage\n",
			      channel);
		return 1;
	}
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	kl_KlogStorage_proxy_init(&proxy, &transport.base, riid);
	return hand_over(&proxy);
}
