/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_FAULTS_H
#define KX_PROVE_FAULTS_H

/*
 * One solution whose kernel process has one fault (K-04, K-05): a client does one of
 * everything and repeats what is refused. The only ends that are right: it was not
 * started, with a reason; or the client came through and the kernel process ends well
 * when told to.
 */

#include "rig.h"

struct kx_fault_end {
	bool refused_start; /* exit status 3 */
	bool wrong;
};

/* @prepare runs in the kernel process before it begins; @beside, unless NULL, in this one then. */
struct kx_fault_end kx_fault_run(struct rig *rig, void (*prepare)(void),
				 void (*beside)(pid_t kernel));

#endif /* KX_PROVE_FAULTS_H */
