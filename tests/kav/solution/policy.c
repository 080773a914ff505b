/* SPDX-License-Identifier: Apache-2.0 */

/* Everybody may do anything, but nobody may call solution.Forbidden. */

#include <kosix/security_module.h>
#include <stdbool.h>
#include <string.h>

static bool is_forbidden(const char *class_name)
{
	return strcmp(class_name, "solution.Forbidden") == 0;
}

static enum kx_classification classify(void *state, const struct kx_method_question *question)
{
	(void)state;
	return is_forbidden(question->dst_class) ? KX_ASK : KX_DIRECT;
}

static enum kx_verdict decide(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	(void)state;
	if (event->kind != KX_EVENT_REQUEST || !is_forbidden(event->dst.class_name))
		return KX_GRANT;
	trail->rule = "nobody may call Forbidden";
	return KX_DENY;
}

const struct kx_security_module *kx_security_module(void)
{
	static const struct kx_security_module module = {
		.abi_version = KX_SECURITY_MODULE_ABI,
		.size = sizeof(module),
		.name = "libkavclient test",
		.classify = classify,
		.decide = decide,
	};

	return &module;
}
