/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The security module of this example, written by hand: everybody may do
 * anything, but an intruder may not call. nk-psl-gen-c makes such a module from
 * a security.psl; this one shows that there is no magic in it.
 */

#include <kosix/security_module.h>
#include <string.h>

static bool is_intruder(const char *class_name)
{
	return strcmp(class_name, "ping.Intruder") == 0;
}

/* What may travel without being asked about: decided once per client, server and method. */
static enum kx_classification classify(void *state, const struct kx_method_question *question)
{
	(void)state;
	return is_intruder(question->src_class) ? KX_ASK : KX_DIRECT;
}

static enum kx_verdict decide(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	(void)state;
	if (event->kind != KX_EVENT_REQUEST || !is_intruder(event->src.class_name) ||
	    strcmp(event->dst.class_name, "ping.Server") != 0)
		return KX_GRANT;
	trail->rule = "an intruder may not call ping.Server";
	trail->reason = "denied by rule";
	return KX_DENY;
}

const struct kx_security_module *kx_security_module(void)
{
	static const struct kx_security_module module = {
		.abi_version = KX_SECURITY_MODULE_ABI,
		.size = sizeof(module),
		.name = "ping policy",
		.classify = classify,
		.decide = decide,
	};

	return &module;
}
