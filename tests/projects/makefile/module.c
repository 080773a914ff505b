/* SPDX-License-Identifier: Apache-2.0 */

/* A security module without PSL: classes by number, and no more than 20 in a request. */

#include "kss/audit.h"
#include "kss/kss.h"
#include "kss/security-gen-api.h"
#include "kss/services.h"
#include "kss/types.h"
#include "kss/utf8.h"
#include "kssaudit/constants.h"
#include "kssaudit/encode.h"
#include <nk/stand.h>
#include <nk/types.h>
#include <qcbor/qcbor_encode.h>

#include "IAsk.idl.h"

static const char *const names[] = {"Answer", "Ask", "Einit", "kl.core.Core"};

nk_err_t __kss_init(void)
{
	printk("module: ready, %s\n", kss_validate_utf8("\xc3\xa4", 2) == NK_EOK ? "text" : "none");
	return kss_validate_utf8("\xc3", 1) == NK_EOK ? NK_EINVAL : NK_EOK;
}

void __kss_fini(void)
{
}

kss_eid_t __kss_get_eid(const char *eiid)
{
	for (nk_size_t i = 0; i < nk_array_size(names); i++)
		if (nk_strcmp(eiid, names[i]) == 0)
			return (kss_eid_t)i;
	return KSS_INVALID_EID;
}

nk_size_t __kss_get_num_slots(void)
{
	return 0;
}

nk_err_t __kss_unit_test(void)
{
	return NK_EOK;
}

#define EVENT(name)                                                                                \
	nk_err_t name(kss_decision_t *decision, kss_eid_t src_eid, nk_sid_t src_sid,               \
		      kss_eid_t dst_eid, nk_sid_t dst_sid, const struct nk_message *message,       \
		      const struct nk_arena *arena, struct kss_audit_message *audit_message)

EVENT(__kss_execute)
{
	nk_unused(src_eid), nk_unused(src_sid), nk_unused(dst_eid), nk_unused(dst_sid);
	nk_unused(message), nk_unused(arena), nk_unused(audit_message);
	*decision = KSS_GRANT;
	return NK_EOK;
}

EVENT(__kss_request)
{
	const IAsk_Double_req *req = (const IAsk_Double_req *)message;
	nk_uint32_t length = 0;

	nk_unused(src_sid), nk_unused(dst_sid);
	*decision = KSS_GRANT;
	if (src_eid != 1 || dst_eid != 0)
		return NK_EOK;
	if (audit_message->mid != IAsk_Double_mid ||
	    !nk_arena_get(nk_char_t, arena, &req->unit, &length))
		return NK_EBADMSG;
	*decision = req->number < 20 ? KSS_GRANT : KSS_DENY;
	return NK_EOK;
}

EVENT(__kss_response)
{
	return __kss_execute(decision, src_eid, src_sid, dst_eid, dst_sid, message, arena,
			     audit_message);
}

EVENT(__kss_error)
{
	return __kss_execute(decision, src_eid, src_sid, dst_eid, dst_sid, message, arena,
			     audit_message);
}

nk_err_t __kss_security(kss_decision_t *decision, kss_eid_t driver_eid, nk_sid_t driver_sid,
			const struct nk_message *message, const struct nk_arena *arena,
			struct kss_audit_message *audit_message)
{
	nk_unused(driver_eid), nk_unused(driver_sid);
	nk_unused(message), nk_unused(arena), nk_unused(audit_message);
	*decision = KSS_DENY;
	return NK_EOK;
}
