/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KSS_TYPES_H
#define KSS_TYPES_H

/* Types of a security module written by hand; see kss/kss.h. */

#include <nk/types.h>

typedef nk_uint32_t kss_eid_t;  /* number of a class; the module gives it */
typedef nk_uint32_t kss_slot_t; /* number of a piece of state; not used here */

#define KSS_INVALID_EID ((kss_eid_t)-1)

typedef enum kss_decision {
	KSS_DENY = 0,
	KSS_GRANT = 1,
} kss_decision_t;

typedef enum kss_message_type {
	KSS_MESSAGE_EXECUTE = 1,
	KSS_MESSAGE_REQUEST = 2,
	KSS_MESSAGE_RESPONSE = 3,
	KSS_MESSAGE_ERROR = 4,
	KSS_MESSAGE_SECURITY = 5,
} kss_message_type_t;

/* What an audit record says of the event. */
struct kss_audit_message {
	kss_message_type_t type;
	kss_eid_t src_eid;
	kss_eid_t dst_eid;
	nk_sid_t src_sid;
	nk_sid_t dst_sid;
	nk_iid_t iid;
	nk_mid_t mid;
};

#endif /* KSS_TYPES_H */
