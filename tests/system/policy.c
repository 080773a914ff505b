/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The policy of the system tests: everything is granted but what t.Calls.Asked
 * says with the number 13 (request) and 14 (response), and the error of t.Calls.Refuse.
 * Numbers 90 to 96 make the module itself misbehave (P-01), and so does KX_POLICY_HANGS where it
 * says; with KX_POLICY_OPENS_SLOWLY it takes five seconds to be opened. With KX_POLICY_APART
 * nothing is granted but starts, memory for them, and what they print (M-13).
 */

#include <kosix/security_module.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Of Asked: what was granted and denied, said at the end if KX_POLICY_COUNTS is set. */
static unsigned long requests[2];
static unsigned long responses[2];

static bool apart(void)
{
	return getenv("KX_POLICY_APART") != NULL;
}

static void sleep_for_ever(void)
{
	for (;;)
		(void)pause();
}

static void loop_for_ever(void)
{
	static volatile int never;

	while (!never)
		;
}

static void take_no_signals(void)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, NULL);
}

/* @where: "classify", "forget" ...; "classify asleep" or "classify deaf" instead of in a loop. */
static void hang(const char *where)
{
	const char *wanted = getenv("KX_POLICY_HANGS");
	size_t length = strlen(where);

	if (!wanted || strncmp(wanted, where, length) != 0)
		return;
	if (strstr(wanted, "deaf"))
		take_no_signals();
	if (wanted[length])
		sleep_for_ever();
	loop_for_ever();
}

static enum kx_classification classify(void *state, const struct kx_method_question *question)
{
	(void)state;
	hang("classify");
	if (apart())
		return KX_ASK;
	if (strcmp(question->method, "Refuse") == 0)
		return KX_DIRECT_NO_ERROR;
	return strcmp(question->method, "Asked") == 0 ? KX_ASK : KX_DIRECT;
}

static uint64_t number_of(const struct kx_event *event)
{
	uint64_t number = 0;

	if (event->fixed && event->fixed_size >= 32)
		memcpy(&number, (const char *)event->fixed + 24, sizeof(number));
	return number;
}

/* Takes all that it can have, of which the rest of the process needs nothing meanwhile. */
static bool has_eaten_all_memory(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return true; /* neither can be denied memory */
#else
	struct rlimit all;
	struct rlimit little;
	void *pieces[64];
	unsigned count = 0;

	(void)getrlimit(RLIMIT_AS, &all);
	little = all;
	little.rlim_cur = 1;
	(void)setrlimit(RLIMIT_AS, &little);
	while (count < 64 && (pieces[count] = malloc(1u << 20)) != NULL)
		count++;
	(void)setrlimit(RLIMIT_AS, &all);
	for (unsigned i = 0; i < count; i++)
		free(pieces[i]);
	return count < 64;
#endif
}

static void call_itself(volatile char *from)
{
	volatile char here[4096] = {0};

	here[0] = *from;
	if (!here[0]) /* as it always is */
		call_itself(here);
	here[1] = here[0];
}

static enum kx_verdict misbehave(uint64_t number, struct kx_trail *trail)
{
	/* Not NULL: a sanitizer would see that before the machine does. */
	static enum kx_verdict *volatile nowhere = (enum kx_verdict *)4096;

	trail->rule = "number says how";
	trail->file = "policy.c";
	trail->line = 4711;
	switch (number) {
	case 90:
		abort();
	case 91:
		loop_for_ever();
		return KX_GRANT;
	case 92:
		return (enum kx_verdict)4711; /* nonsense denies */
	case 94:
		sleep_for_ever();
		return KX_GRANT;
	case 95:
		return has_eaten_all_memory() ? KX_DENY : KX_GRANT;
	case 96:
		call_itself(&(char){0});
		return KX_GRANT;
	default:
		return *nowhere;
	}
}

/* By an entity that does nothing but run and say so. */
static bool is_needed(const struct kx_event *event)
{
	return event->kind == KX_EVENT_EXECUTE || !strcmp(event->method, "Allocate") ||
	       !strcmp(event->method, "DebugWrite");
}

static enum kx_verdict judge(const struct kx_event *event, struct kx_trail *trail)
{
	uint64_t number = number_of(event);

	if (apart())
		return is_needed(event) ? KX_GRANT : KX_DENY;
	if (strcmp(event->method, "Refuse") == 0)
		return event->kind == KX_EVENT_ERROR ? KX_DENY : KX_GRANT;
	if (strcmp(event->method, "Asked") != 0)
		return KX_GRANT;
	if (number >= 90 && number <= 96 && event->kind == KX_EVENT_REQUEST)
		return misbehave(number, trail);
	if ((number == 13 && event->kind == KX_EVENT_REQUEST) ||
	    (number == 14 && event->kind == KX_EVENT_RESPONSE)) {
		trail->rule = "number is unlucky";
		trail->reason = "denied by rule";
		return KX_DENY;
	}
	return KX_GRANT;
}

static enum kx_verdict decide(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	enum kx_verdict verdict;

	(void)state;
	verdict = judge(event, trail);
	if (strcmp(event->method, "Asked") != 0)
		return verdict;
	requests[verdict == KX_DENY] += event->kind == KX_EVENT_REQUEST;
	responses[verdict == KX_DENY] += event->kind == KX_EVENT_RESPONSE;
	return verdict;
}

static void forget(void *state, uint32_t sid)
{
	(void)state;
	(void)sid;
	hang("forget");
}

/* While its file is opened: for longer than a call may be found asleep. */
__attribute__((constructor)) static void open_slowly(void)
{
	if (getenv("KX_POLICY_OPENS_SLOWLY"))
		(void)sleep(5); /* as one that waits for a disk does */
}

static int init(const struct kx_module_host *host, void **state)
{
	(void)host;
	(void)state;
	hang("init");
	return 0;
}

static void say_counts(void *state)
{
	(void)state;
	hang("fini");
	if (getenv("KX_POLICY_COUNTS"))
		fprintf(stderr, "JUDGED requests %lu denied %lu responses %lu denied %lu\n",
			requests[0], requests[1], responses[0], responses[1]);
}

const struct kx_security_module *kx_security_module(void)
{
	static const struct kx_security_module module = {
		.abi_version = KX_SECURITY_MODULE_ABI,
		.size = sizeof(module),
		.name = "system test policy",
		.init = init,
		.classify = classify,
		.decide = decide,
		.forget = forget,
		.fini = say_counts,
	};

	return &module;
}
