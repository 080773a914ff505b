/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oracle.h"

#define NOT_STARTED 3

/* No record is better than half of one. */
static bool is_whole(const char *path)
{
	FILE *file = fopen(path, "re");
	bool whole = true;
	char line[4096];

	while (file && fgets(line, sizeof(line), file))
		whole &= line[0] == '{' && strcmp(line + strlen(line) - 2, "}\n") == 0;
	if (file)
		(void)fclose(file);
	return whole;
}

struct kx_fault_end kx_fault_run(struct rig *rig, void (*prepare)(void),
				 void (*beside)(pid_t kernel))
{
	static const char *const entities[] = {"server t.Server storm server",
					       "client t.Client patient client",
					       "files t.Client VFS_FILESYSTEM_BACKEND=client:t "
					       "VFS_NETWORK_BACKEND=client:t clerk client",
					       NULL};
	char audit[sizeof(rig->folder) + 20];
	const char *const options[] = {"--spin=off", audit, NULL};
	struct kx_fault_end end = {0};
	char name[32];
	bool passed;

	rig_image(rig, entities, NULL, "security.so");
	(void)snprintf(audit, sizeof(audit), "--audit=%s/audit", rig->folder);
	rig_child = prepare;
	rig_start(rig, options);
	rig_child = NULL;
	if (beside)
		beside(rig->kernel);
	passed = rig_wait_ms(rig, "PASS patient", 1, 20000) &&
		 rig_wait_ms(rig, "PASS clerk", 1, 20000);
	if (!passed) {
		(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
		(void)kx_oracle_look(name, false);
	}
	(void)kill(rig->kernel, SIGTERM);
	passed &= rig_wait_end(rig) && is_whole(strchr(audit, '=') + 1);
	rig_end(rig);
	/* liburcu ends the process when it cannot have its thread; that is before anything starts.
	 */
	end.refused_start = (WIFEXITED(rig->status) && WEXITSTATUS(rig->status) == NOT_STARTED) ||
			    (strstr(rig->text, "urcu-call-rcu-impl") && !strstr(rig->text, "PASS"));
	end.wrong = !end.refused_start &&
		    (!passed || !WIFEXITED(rig->status) || WEXITSTATUS(rig->status) != 0);
	return end;
}

struct kx_fault_end kx_fault_apart(const struct kx_campaign *campaign,
				   struct kx_fault_end (*run)(void *context), void *context)
{
	struct kx_fault_end end = {.wrong = true};
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		(void)kx_campaign_end(campaign); /* the results are the parent's */
		end = run(context);
		_exit(end.wrong ? 1 : end.refused_start ? 2 : 0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return end;
	end.refused_start = WEXITSTATUS(status) == 2;
	end.wrong = WEXITSTATUS(status) != 0 && !end.refused_start;
	return end;
}

unsigned long kx_fault_times(const uint32_t *places, unsigned long count, unsigned long n)
{
	unsigned long times = 0;

	for (unsigned long i = n + 1; i < count; i++)
		if (places[i] == places[n])
			return 0;
	for (unsigned long i = 0; i <= n; i++)
		times += places[i] == places[n];
	return times;
}
