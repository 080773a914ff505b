/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_FAULTS_H
#define KX_PROVE_FAULTS_H

/*
 * One solution whose kernel process has one fault (K-04, K-05): a client does one of
 * everything and repeats what is refused, another does so with files and sockets, and denials
 * are put on record. The only ends that are right: it was not started, with a reason; an
 * entity's loader gave up for want of something and said so; or the clients came through. But for
 * the first what was put on record are whole lines, and the kernel process ends well when told to.
 */

#include <stdint.h>

#include "result.h"
#include "rig.h"

struct kx_fault_end {
	bool refused_start; /* exit status 3 */
	bool on_record;     /* a denial is; a fault may prevent that */
	bool wrong;
};

/* @prepare runs in the kernel process before it begins; @beside, unless NULL, in this one then. */
struct kx_fault_end kx_fault_run(struct rig *rig, void (*prepare)(void),
				 void (*beside)(pid_t kernel));

/*
 * What @run comes to in a process of its own, for the rig ends that when something is left
 * behind: this is wrong, and the campaign goes on.
 */
struct kx_fault_end kx_fault_apart(const struct kx_campaign *campaign,
				   struct kx_fault_end (*run)(void *context), void *context);

#endif /* KX_PROVE_FAULTS_H */
