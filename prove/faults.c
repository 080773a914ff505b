/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oracle.h"

#define NOT_STARTED 3

struct kx_fault_end kx_fault_run(struct rig *rig, void (*prepare)(void),
				 void (*beside)(pid_t kernel))
{
	static const char *const entities[] = {"server t.Server storm server",
					       "client t.Client patient client", NULL};
	static const char *const options[] = {"--spin=off", NULL};
	struct kx_fault_end end = {0};
	char name[32];
	bool passed;

	rig_image(rig, entities, NULL, "security.so");
	rig_child = prepare;
	rig_start(rig, options);
	rig_child = NULL;
	if (beside)
		beside(rig->kernel);
	passed = rig_wait_ms(rig, "PASS patient", 1, 20000);
	if (!passed) {
		(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
		(void)kx_oracle_look(name, false);
	}
	rig_end(rig);
	/* liburcu ends the process when it cannot have its thread; that is before anything starts.
	 */
	end.refused_start = (WIFEXITED(rig->status) && WEXITSTATUS(rig->status) == NOT_STARTED) ||
			    (strstr(rig->text, "urcu-call-rcu-impl") && !strstr(rig->text, "PASS"));
	end.wrong = !end.refused_start &&
		    (!passed || !WIFEXITED(rig->status) || WEXITSTATUS(rig->status) != 0);
	return end;
}
