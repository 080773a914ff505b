/* SPDX-License-Identifier: Apache-2.0 */

/* Security modules that must be refused; BAD_KIND says in which way this one is bad. */

#include <kosix/security_module.h>

enum { OLD = 1, FAILING, NOTHING, NO_DECIDE, OTHER_SIZE };

static enum kx_verdict decide(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	(void)state;
	(void)event;
	(void)trail;
	return KX_GRANT;
}

static int init(const struct kx_module_host *host, void **state)
{
	(void)state;
	host->log(host->context, "no rules today");
	return BAD_KIND == FAILING;
}

const struct kx_security_module *kx_security_module(void)
{
	static const struct kx_security_module module = {
		.abi_version = KX_SECURITY_MODULE_ABI - (BAD_KIND == OLD),
		.size = sizeof(module) - (BAD_KIND == OTHER_SIZE ? 8 : 0),
		.name = "bad",
		.init = init,
		.decide = BAD_KIND == NO_DECIDE ? NULL : decide,
	};

	return BAD_KIND == NOTHING ? NULL : &module;
}
