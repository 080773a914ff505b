/* SPDX-License-Identifier: Apache-2.0 */
#include "disturb.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define STEAL_WORTH_SAYING  0.5 /* percent */
#define OTHERS_WORTH_SAYING 3.0 /* percent */

/* What the numbers after "cpu" in /proc/stat are. */
enum {
	STAT_USER,
	STAT_NICE,
	STAT_SYSTEM,
	STAT_IDLE,
	STAT_IOWAIT,
	STAT_IRQ,
	STAT_SOFTIRQ,
	STAT_STEAL,
	STAT_FIELDS,
};

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

bool kx_disturb_read_stat(FILE *file, struct kx_ticks *ticks)
{
	uint64_t field[STAT_FIELDS];

	*ticks = (struct kx_ticks){0};
	if (fscanf(file,
		   "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNu64 " %" SCNu64,
		   &field[STAT_USER], &field[STAT_NICE], &field[STAT_SYSTEM], &field[STAT_IDLE],
		   &field[STAT_IOWAIT], &field[STAT_IRQ], &field[STAT_SOFTIRQ],
		   &field[STAT_STEAL]) != STAT_FIELDS)
		return false;
	for (int i = 0; i < STAT_FIELDS; i++)
		ticks->all += field[i];
	ticks->steal = field[STAT_STEAL];
	ticks->busy = field[STAT_USER] + field[STAT_NICE] + field[STAT_SYSTEM];
	return true;
}

static void read_stat(struct kx_ticks *ticks)
{
	FILE *file = fopen("/proc/stat", "re");

	*ticks = (struct kx_ticks){0};
	if (!file)
		return;
	(void)kx_disturb_read_stat(file, ticks);
	(void)fclose(file);
}

static double seconds(const struct timeval *time)
{
	return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

/* Processor time of this program and of every process it has reaped. */
static double own_seconds(void)
{
	double sum = 0.0;

	for (int i = 0; i < 2; i++) {
		struct rusage used;

		if (getrusage(i == 0 ? RUSAGE_SELF : RUSAGE_CHILDREN, &used) == 0)
			sum += seconds(&used.ru_utime) + seconds(&used.ru_stime);
	}
	return sum;
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
	read_stat(&disturb->ticks);
	disturb->own_seconds = own_seconds();
}

void kx_disturb_end(struct kx_disturb *disturb)
{
	struct kx_ticks now;
	double all;
	double busy;

	read_stat(&now);
	all = (double)(now.all - disturb->ticks.all);
	busy = (double)(now.busy - disturb->ticks.busy);
	busy -= (own_seconds() - disturb->own_seconds) * (double)sysconf(_SC_CLK_TCK);
	if (now.all > disturb->ticks.all) {
		disturb->steal = 100.0 * (double)(now.steal - disturb->ticks.steal) / all;
		disturb->others = busy > 0.0 ? 100.0 * busy / all : 0.0;
	}
	disturb->load_after = load_average();
}

void kx_disturb_print(const struct kx_disturb *disturb, FILE *out)
{
	fprintf(out, "machine    %s, %u core%s (%u usable), Linux %s%s\n", disturb->model,
		disturb->cores, disturb->cores == 1 ? "" : "s", disturb->allowed, disturb->kernel,
		disturb->guest ? ", virtual" : "");
	fprintf(out,
		"disturbing steal %.2f %%, other programs %.1f %%, governor %s, SMT %s, load %.2f "
		"before, %.2f after\n",
		disturb->steal, disturb->others, disturb->governor, disturb->smt,
		disturb->load_before, disturb->load_after);
	if (disturb->steal > STEAL_WORTH_SAYING)
		fprintf(out, "warning    the host took %.1f %% of the time: expect long tails\n",
			disturb->steal);
	if (disturb->others > OTHERS_WORTH_SAYING)
		fprintf(out,
			"warning    other programs took %.1f %% of all cores: trust ratios, "
			"repeat\n",
			disturb->others);
	if (disturb->siblings)
		fprintf(out, "warning    client and server share one physical core "
			     "(hyperthreads): choose other cores\n");
	if (strcmp(disturb->governor, "powersave") == 0)
		fprintf(out, "warning    governor powersave: figures wander with the clock\n");
}
