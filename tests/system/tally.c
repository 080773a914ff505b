/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "children.h"
#include "rig.h"

struct tally {
	unsigned long begun, answered, received, replied;
};

static void add(struct tally *sum, const char *line)
{
	struct tally one = {0};

	assert_int_equal(sscanf(line,
				"TALLY %*s %*d begun %lu answered %lu received %lu replied %lu",
				&one.begun, &one.answered, &one.received, &one.replied),
			 4);
	sum->begun += one.begun;
	sum->answered += one.answered;
	sum->received += one.received;
	sum->replied += one.replied;
}

static bool has_ended(const struct rig *rig, pid_t part)
{
	char line[40];

	(void)snprintf(line, sizeof(line), "TALLY " TALLY_ENDED " %d ", (int)part);
	return rig_count(rig, line) != 0;
}

/* Not killed, and only not yet waited for. */
static bool is_alive(pid_t part)
{
	char path[40];
	char state = 'X';
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)part);
	file = fopen(path, "re");
	if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	if (file)
		(void)fclose(file);
	return state != 'X' && state != 'Z';
}

/* The number of those that will tell. */
static unsigned ask_the_living(const struct rig *rig)
{
	pid_t parts[64];
	unsigned count = children(rig->kernel, parts, 64);
	unsigned asked = 0;

	for (unsigned i = 0; i < count; i++)
		if (!has_ended(rig, parts[i]) && is_alive(parts[i]))
			asked += kill(parts[i], TALLY_SIGNAL) == 0;
	return asked;
}

bool tally_check(struct rig *rig, unsigned parts)
{
	unsigned living = ask_the_living(rig);
	struct tally sum = {0};
	unsigned told = 0;

	if (!rig_wait(rig, "TALLY " TALLY_ALIVE, living))
		fail_msg("%u parts live and do not tell what they counted:\n%s", living, rig->text);
	for (const char *at = rig->text; (at = strstr(at, "TALLY ")); at++, told++)
		add(&sum, at);
	if (told != parts)
		return false;
	if (sum.answered > sum.replied || sum.replied > sum.received || sum.received > sum.begun)
		fail_msg("of %lu calls begun %lu were received, of these %lu replied to, and %lu "
			 "were answered",
			 sum.begun, sum.received, sum.replied, sum.answered);
	return true;
}
