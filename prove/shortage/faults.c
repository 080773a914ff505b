/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oracle.h"

#define NOT_STARTED 3

/* No record is better than half of one. */
static bool is_whole(const char *path, bool *on_record)
{
	FILE *file = fopen(path, "re");
	bool whole = true;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while (file && (length = getline(&line, &room, file)) > 0) {
		whole &= length > 2 && line[0] == '{' && memcmp(line + length - 2, "}\n", 2) == 0;
		*on_record = true;
	}
	free(line);
	if (file)
		(void)fclose(file);
	return whole;
}

/*
 * An entity's loader repeats nothing that is refused: it ends, with a reason. Of what can be
 * lacking only; it has words for few errors.
 */
static bool is_not_loaded(const char *text)
{
	static const char *const lacks[] = {": Error 23\n", ": Error 24\n",
					    ": Cannot allocate memory\n"};
	const char *said = strstr(text, "error while loading shared libraries");

	for (size_t i = 0; said && i < sizeof(lacks) / sizeof(*lacks); i++)
		if (strstr(said, lacks[i]))
			return true;
	return false;
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
	passed |= is_not_loaded(rig->text);
	if (!passed) {
		(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
		(void)kx_oracle_look(name, false);
	}
	(void)kill(rig->kernel, SIGTERM);
	passed &= rig_wait_end(rig) && is_whole(strchr(audit, '=') + 1, &end.on_record);
	rig_end(rig);
	/* liburcu ends the process when it cannot have its thread; that is before anything starts.
	 */
	end.refused_start = (WIFEXITED(rig->status) && WEXITSTATUS(rig->status) == NOT_STARTED) ||
			    (strstr(rig->text, "urcu-call-rcu-impl") && !strstr(rig->text, "PASS"));
	end.wrong = !end.refused_start &&
		    (!passed || !WIFEXITED(rig->status) || WEXITSTATUS(rig->status) != 0);
	return end;
}

/* An end as exit status, which has no more to say to the parent. */
#define WRONG     1
#define REFUSED   2
#define ON_RECORD 4

struct kx_fault_end kx_fault_apart(const struct kx_campaign *campaign,
				   struct kx_fault_end (*run)(void *context), void *context)
{
	struct kx_fault_end end = {.wrong = true};
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		(void)kx_campaign_end(campaign); /* the results are the parent's */
		end = run(context);
		_exit((end.wrong ? WRONG : 0) | (end.refused_start ? REFUSED : 0) |
		      (end.on_record ? ON_RECORD : 0));
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return end;
	end.refused_start = WEXITSTATUS(status) & REFUSED;
	end.on_record = WEXITSTATUS(status) & ON_RECORD;
	end.wrong = (WEXITSTATUS(status) & WRONG) || WEXITSTATUS(status) > 7;
	return end;
}
