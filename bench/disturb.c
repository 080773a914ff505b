/* SPDX-License-Identifier: Apache-2.0 */
#include "disturb.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define STEAL_WORTH_SAYING 0.5 /* percent */
#define LOAD_WORTH_SAYING  0.3
#define STAT_FIELDS        8 /* user nice system idle iowait irq softirq steal */

static void set_text(char *into, size_t size, const char *from)
{
	(void)snprintf(into, size, "%s", from);
	into[strcspn(into, "\n")] = '\0';
}

/* The first line of a file, or "unknown". */
static void read_line(const char *path, char *into, size_t size)
{
	FILE *file = fopen(path, "re");

	set_text(into, size, "unknown");
	if (!file)
		return;
	if (fgets(into, (int)size, file))
		into[strcspn(into, "\n")] = '\0';
	(void)fclose(file);
}

static void read_cpuinfo(struct kx_disturb *disturb)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[4096];

	set_text(disturb->model, sizeof(disturb->model), "unknown");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file) && line[0] != '\n') {
		const char *value = strchr(line, ':');

		if (value && strncmp(line, "model name", 10) == 0)
			set_text(disturb->model, sizeof(disturb->model), value + 2);
		if (value && strncmp(line, "flags", 5) == 0)
			disturb->guest = strstr(value, " hypervisor") != NULL;
	}
	(void)fclose(file);
}

static double load_average(void)
{
	double load[1];

	return getloadavg(load, 1) == 1 ? load[0] : 0.0;
}

bool kx_disturb_read_stat(FILE *file, uint64_t *all, uint64_t *steal)
{
	uint64_t field[STAT_FIELDS];

	if (fscanf(file,
		   "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNu64 " %" SCNu64,
		   &field[0], &field[1], &field[2], &field[3], &field[4], &field[5], &field[6],
		   &field[7]) != STAT_FIELDS)
		return false;
	*all = 0;
	for (int i = 0; i < STAT_FIELDS; i++)
		*all += field[i];
	*steal = field[STAT_FIELDS - 1];
	return true;
}

static void read_stat(uint64_t *all, uint64_t *steal)
{
	FILE *file = fopen("/proc/stat", "re");

	*all = 0;
	*steal = 0;
	if (!file)
		return;
	(void)kx_disturb_read_stat(file, all, steal);
	(void)fclose(file);
}

void kx_disturb_begin(struct kx_disturb *disturb, const struct kx_place *place)
{
	struct utsname name;

	memset(disturb, 0, sizeof(*disturb));
	set_text(disturb->kernel, sizeof(disturb->kernel),
		 uname(&name) == 0 ? name.release : "unknown");
	read_cpuinfo(disturb);
	read_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", disturb->governor,
		  sizeof(disturb->governor));
	read_line("/sys/devices/system/cpu/smt/control", disturb->smt, sizeof(disturb->smt));
	disturb->siblings = place && kx_place_shares_core(place);
	disturb->cores = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	disturb->allowed = kx_place_allowed();
	disturb->load_before = load_average();
	read_stat(&disturb->all_ticks, &disturb->steal_ticks);
}

void kx_disturb_end(struct kx_disturb *disturb)
{
	uint64_t all;
	uint64_t steal;

	read_stat(&all, &steal);
	if (all > disturb->all_ticks)
		disturb->steal = 100.0 * (double)(steal - disturb->steal_ticks) /
				 (double)(all - disturb->all_ticks);
	disturb->load_after = load_average();
}

void kx_disturb_print(const struct kx_disturb *disturb, FILE *out)
{
	fprintf(out, "machine    %s, %u core%s (%u usable), Linux %s%s\n", disturb->model,
		disturb->cores, disturb->cores == 1 ? "" : "s", disturb->allowed, disturb->kernel,
		disturb->guest ? ", virtual" : "");
	fprintf(out,
		"disturbing steal %.2f %%, governor %s, SMT %s, load %.2f before, %.2f after\n",
		disturb->steal, disturb->governor, disturb->smt, disturb->load_before,
		disturb->load_after);
	if (disturb->steal > STEAL_WORTH_SAYING)
		fprintf(out, "warning    the host took %.1f %% of the time: expect long tails\n",
			disturb->steal);
	if (disturb->load_before > LOAD_WORTH_SAYING * disturb->cores)
		fprintf(out, "warning    other programs were running: trust ratios, repeat\n");
	if (disturb->siblings)
		fprintf(out, "warning    client and server share one physical core "
			     "(hyperthreads): choose other cores\n");
	if (strcmp(disturb->governor, "powersave") == 0)
		fprintf(out, "warning    governor powersave: figures wander with the clock\n");
}
