/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KSS_KSS_H
#define KSS_KSS_H

/*
 * A security module written by hand: the functions below, linked with -lksm_kss, make a
 * module that the kernel process loads in place of one made of PSL. All are called by one
 * thread. An event is granted if the function returns NK_EOK and *decision is KSS_GRANT.
 */

#include <kss/audit.h>
#include <kss/services.h>
#include <kss/types.h>
#include <nk/arena.h>
#include <nk/errno.h>
#include <nk/types.h>
#include <rtl/compiler.h>

__RTL_BEGIN_DECLS

/* Before the first event; anything but NK_EOK: the solution does not start. */
nk_err_t __kss_init(void);
void __kss_fini(void);

/* The number of the class @eiid; KSS_INVALID_EID: no process of it may start. */
kss_eid_t __kss_get_eid(const char *eiid);

/* @src starts @dst; calls it; answers it; answers with an error message. */
nk_err_t __kss_execute(kss_decision_t *decision, kss_eid_t src_eid, nk_sid_t src_sid,
		       kss_eid_t dst_eid, nk_sid_t dst_sid, const struct nk_message *message,
		       const struct nk_arena *arena, struct kss_audit_message *audit_message);
nk_err_t __kss_request(kss_decision_t *decision, kss_eid_t src_eid, nk_sid_t src_sid,
		       kss_eid_t dst_eid, nk_sid_t dst_sid, const struct nk_message *message,
		       const struct nk_arena *arena, struct kss_audit_message *audit_message);
nk_err_t __kss_response(kss_decision_t *decision, kss_eid_t src_eid, nk_sid_t src_sid,
			kss_eid_t dst_eid, nk_sid_t dst_sid, const struct nk_message *message,
			const struct nk_arena *arena, struct kss_audit_message *audit_message);
nk_err_t __kss_error(kss_decision_t *decision, kss_eid_t src_eid, nk_sid_t src_sid,
		     kss_eid_t dst_eid, nk_sid_t dst_sid, const struct nk_message *message,
		     const struct nk_arena *arena, struct kss_audit_message *audit_message);

/* A process calls its security interface. */
nk_err_t __kss_security(kss_decision_t *decision, kss_eid_t driver_eid, nk_sid_t driver_sid,
			const struct nk_message *message, const struct nk_arena *arena,
			struct kss_audit_message *audit_message);

/* Also defined by modules, and not called here. */
nk_size_t __kss_get_num_slots(void);
nk_err_t __kss_unit_test(void);

__RTL_END_DECLS

#endif /* KSS_KSS_H */
