/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The policy of the system tests: everything is granted but what t.Calls.Asked
 * says with the number 13 (request) and 14 (response), and the error of t.Calls.Refuse.
 * Numbers 90 to 93 make the module itself misbehave (P-01). With KX_POLICY_APART nothing is
 * granted but starts, memory for them, and what they print (M-13).
 */

#include <kosix/security_module.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of Asked: what was granted and denied, said at the end if KX_POLICY_COUNTS is set. */
static unsigned long requests[2];
static unsigned long responses[2];

static bool apart(void)
{
	return getenv("KX_POLICY_APART") != NULL;
}

static enum kx_classification classify(void *state, const struct kx_method_question *question)
{
	(void)state;
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

static enum kx_verdict misbehave(uint64_t number)
{
	static volatile int never;
	/* Not NULL: a sanitizer would see that before the machine does. */
	static enum kx_verdict *volatile nowhere = (enum kx_verdict *)4096;

	switch (number) {
	case 90:
		abort();
	case 91:
		while (!never)
			;
		return KX_GRANT;
	case 92:
		return (enum kx_verdict)4711; /* nonsense denies */
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
	if (number >= 90 && number <= 93 && event->kind == KX_EVENT_REQUEST)
		return misbehave(number);
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

static void say_counts(void *state)
{
	(void)state;
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
		.classify = classify,
		.decide = decide,
		.fini = say_counts,
	};

	return &module;
}
