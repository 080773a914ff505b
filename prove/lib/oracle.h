/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_ORACLE_H
#define KX_PROVE_ORACLE_H

/*
 * The oracle for hangs: asks the kernel process of a solution who waits for whom
 * (`kosix ps`) and looks whether whoever must act is there and can. It finds a lost
 * wake-up in milliseconds and names it; time limits are the last resort only.
 */

#include <stdbool.h>

/*
 * One look at the solution @name. A call is stuck if
 *   - the server that is to take or answer it is dead or gone, or
 *   - it has not been taken, and neither its client nor any thread of its server ran between
 *     two looks 50 ms apart, while the server itself waits for nobody.
 * Each is printed on stderr. Returns how many; -1: no such solution answers.
 * @idle_servers: a server that does not receive is part of the game; only the first rule.
 */
int kx_oracle_look(const char *name, bool idle_servers);

/* Handles of @entity; -1: no such solution answers, or it has no such entity. */
int kx_oracle_handles(const char *name, const char *entity);

/* Process number of @entity; -1 as above, 0: it has no process. */
int kx_oracle_pid(const char *name, const char *entity);

#endif /* KX_PROVE_ORACLE_H */
