/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_COMMAND_H
#define KX_COMMAND_H

/*
 * The command socket of a running solution, abstract name "kosix/UID/NAME":
 * `kosix ps` connects, writes one word and a newline, and reads one JSON text
 * until the end. Only the same user and root are answered. Control thread;
 * never waits for the other side.
 *
 *   ps\n       the entities, their counters, and who waits for whom
 *   board\n    pins of the board, and its file
 *   audit N\n  audit records from the Nth on (audit_answer.h)
 *   level\n    the audit level in force (audit_level.h)
 *   level N\n  another one
 *   event N\n  the audit record of event N; of the newest if 0
 *   end\n      ends the solution
 */

#define KX_COMMAND_CLIENTS 16u /* at a time; more wait in the socket's queue */

/*
 * Begins to listen. Returns 0; -EADDRINUSE: a solution of that name runs
 * already; another negative errno.
 */
int kx_command_init(const char *name);
void kx_command_fini(void);

#endif /* KX_COMMAND_H */
