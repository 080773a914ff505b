/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TALLY_H
#define KX_TALLY_H

/*
 * Conservation of calls, direct and relayed, of one solution: what clients were answered was
 * replied, what was replied was received, what was received was called. So no request comes
 * twice and no answer comes from nowhere; and where every call was answered with rcOk
 * all four numbers are the same. (A request that is lost ends as an error, or never.)
 *
 * Each part counts its own (scenario_tally.c), tells at its end, and while it lives when it gets
 * TALLY_SIGNAL. A part that is killed cannot tell, and then nothing is compared.
 */

#include <signal.h>
#include <stdbool.h>

#define TALLY_SIGNAL (SIGRTMIN + 7)
#define TALLY_ALIVE  "alive"
#define TALLY_ENDED  "ended"
#define TALLY_LINE   "TALLY %s %d begun %lu answered %lu received %lu replied %lu\n"

/* In a part. */
void tally_begin(void);
void tally_end(void);
/* It received a request, and will reply once, otherwise than by Recv and Reply. */
void tally_serves(void);

struct rig;

/*
 * In a test: asks the parts of a solution whose clients have passed. Unless all @parts can tell,
 * false; what does not agree fails the test.
 */
bool tally_check(struct rig *rig, unsigned parts);

#endif /* KX_TALLY_H */
