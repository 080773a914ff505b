/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_AUDIT_LOG_H
#define KX_AUDIT_LOG_H

/*
 * The last audit records, for whoever wants to read them: the audit program of
 * the solution (KX_CALL_AUDIT_READ), `kosix explain`, and the audit file.
 *
 * One writer, the IPC thread; readers on other threads, each with a position of
 * its own. Records are numbered from 0. A reader that comes too late is told how
 * many it missed; nothing is lost without being counted.
 *
 * A mutex guards the ring. The IPC thread may take it because nobody keeps it
 * for longer than copying one record.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KX_AUDIT_RECORDS 4096u /* kept at most */
#define KX_AUDIT_BYTES   (8u << 20)

struct kx_audit_record {
	uint64_t event; /* number of the event */
	bool denied;
	char *line; /* for people */
	char *json; /* one line, no newline */
};

/* IPC thread. Takes over the texts; a record without memory for them is counted as lost. */
void kx_audit_log_add(const struct kx_audit_record *record);

/*
 * Any thread. Copies the record at *@position, or the oldest kept if that one is
 * gone, and moves *@position behind it; *@lost is how many were skipped. False:
 * there is none yet. The copy is freed with kx_audit_record_clear().
 */
bool kx_audit_log_get(uint64_t *position, struct kx_audit_record *copy, uint64_t *lost);
void kx_audit_record_clear(struct kx_audit_record *record);

/* Any thread: the record of event @event, the newest if @event is 0. */
bool kx_audit_log_find(uint64_t event, struct kx_audit_record *copy);

/* Control thread: from now on @more is called there when records came. */
void kx_audit_log_watch(void (*more)(void));

struct kx_audit_counts {
	uint64_t records; /* made */
	/* no memory for them, or not in the audit file; without one: no longer kept, and never
	 * read, neither by the audit program nor by `kosix explain` */
	uint64_t lost;
};

/* Any thread. */
struct kx_audit_counts kx_audit_log_counts(void);

/* When no other thread is left: frees what is kept. */
void kx_audit_log_clear(void);

/*
 * Before the threads start: writes records to file @path as lines of JSON, from a
 * thread of its own. The file is made with the first record, for this user only; an
 * older one is removed now. Returns 0 or a negative errno.
 */
int kx_audit_file_open(const char *path);

/* After the IPC thread has ended: writes the rest and a last line with the counts. */
void kx_audit_file_close(void);

#endif /* KX_AUDIT_LOG_H */
