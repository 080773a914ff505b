/* SPDX-License-Identifier: Apache-2.0 */

/* A security module for test_run.c: nothing may start. */

#include <kosix/security_module.h>

static enum kx_verdict decide(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	(void)state;
	trail->reason = "a test";
	return event->kind == KX_EVENT_EXECUTE ? KX_DENY : KX_GRANT;
}

static const struct kx_security_module module = {
	.abi_version = KX_SECURITY_MODULE_ABI,
	.size = sizeof(module),
	.name = "deny-start",
	.decide = decide,
};

const struct kx_security_module *kx_security_module(void)
{
	return &module;
}
