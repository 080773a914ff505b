/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc_press.h"

#include <time.h>

#include "relay.h"
#include "run_delay.h"

#define WEIGH_ROUNDS 64u
#define WEIGH_NS     2000000u
#define PRESSED_NS   400000000u

static struct {
	uint64_t since_ns; /* at work since, without a pause; 0: it had none to do */
	uint64_t cpu_ns;   /* processor time it had had by then */
	uint32_t rounds;
	uint64_t until_ns;         /* pressed until then; 0: not */
	uint64_t window_ns;        /* the end of this window */
	struct kx_run_delay delay; /* when it was last asked for */
} press;

static uint64_t read_ns(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

bool kx_pressed(void)
{
	return press.until_ns != 0;
}

static void begin_window(uint64_t now, bool pressed)
{
	if (!pressed)
		press.until_ns = 0;
	press.window_ns = now + KX_WINDOW_NS;
	kx_peers_window(pressed);
}

/* Since it was last asked, did this thread wait for a processor longer than it ran? */
static bool goes_without(void)
{
	struct kx_run_delay last = press.delay;

	return kx_run_delay(&press.delay) &&
	       press.delay.wait_ns - last.wait_ns > press.delay.run_ns - last.run_ns;
}

/* It had work all the time since press.since_ns. */
static void judge(uint64_t now, uint64_t cpu)
{
	if (2 * (cpu - press.cpu_ns) >= now - press.since_ns)
		return;
	if (!kx_pressed()) {
		begin_window(now, true);
		(void)goes_without();
	}
	press.until_ns = now + PRESSED_NS;
}

void kx_press_weigh(void)
{
	uint64_t now;
	uint64_t cpu;

	if (++press.rounds % WEIGH_ROUNDS != 0)
		return;
	now = read_ns(CLOCK_MONOTONIC);
	if (press.since_ns && now - press.since_ns < WEIGH_NS)
		return;
	cpu = read_ns(CLOCK_THREAD_CPUTIME_ID);
	if (press.since_ns)
		judge(now, cpu);
	press.since_ns = now;
	press.cpu_ns = cpu;
}

void kx_press_idle(void)
{
	press.since_ns = 0;
}

bool kx_press_window(void)
{
	uint64_t now;

	if (!kx_pressed())
		return false;
	now = read_ns(CLOCK_MONOTONIC);
	if (now < press.window_ns)
		return false;
	if (now >= press.until_ns && kx_peers_held() && goes_without())
		press.until_ns = now + PRESSED_NS;
	begin_window(now, now < press.until_ns);
	return true;
}

uint64_t kx_press_deadline(uint64_t deadline)
{
	if (!kx_peers_held() || (deadline && deadline < press.window_ns))
		return deadline;
	return press.window_ns;
}
