/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_AUDIT_ANSWER_H
#define KX_AUDIT_ANSWER_H

/*
 * Audit records as the command socket gives them (command.h): one JSON object,
 * from malloc(); NULL without memory. Control thread.
 */

#include <stdint.h>

/* {"next":N,"lost":N,"records":[...]}: those kept from record @position on, a few at a time. */
char *kx_audit_answer_from(uint64_t position);

/* The record of event @event, of the newest if 0; {} if it is not kept. */
char *kx_audit_answer_event(uint64_t event);

#endif /* KX_AUDIT_ANSWER_H */
