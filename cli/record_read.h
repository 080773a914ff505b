/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_RECORD_READ_H
#define KX_CLI_RECORD_READ_H

/*
 * Reads a record of `kosix run --record` (abi/kx_record.h), which may come from anywhere:
 * nothing outside the bytes given is looked at, whatever they say.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kosix/security_module.h"
#include "kx_record.h"

#define KX_RECORD_HANDLES 16u /* most of one event */

struct kx_record_reader {
	const uint8_t *at;
	size_t left;
};

/* @bytes from the start of the file; false: it is no record of this version. */
bool kx_record_begin(struct kx_record_reader *reader, const void *bytes, size_t size);

/*
 * The next entry. @head->kind says what it is: KX_RECORD_FORGET, KX_RECORD_LOST, or an event,
 * which is then in @event. What that points to stands in the record and in @handles, which has
 * room for KX_RECORD_HANDLES. False: the end, or what follows is cut off or no record, and then
 * reader->left is not 0.
 */
bool kx_record_next(struct kx_record_reader *reader, struct kx_record_entry *head,
		    struct kx_event *event, struct kx_event_handle *handles);

#endif /* KX_CLI_RECORD_READ_H */
