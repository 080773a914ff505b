/* SPDX-License-Identifier: Apache-2.0 */
#include "module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "module_watch.h"
#include "object.h"

static enum kx_classification all_direct(void *state, const struct kx_method_question *question)
{
	(void)state;
	(void)question;
	return KX_DIRECT;
}

static enum kx_verdict grant_all(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	(void)state;
	(void)event;
	(void)trail;
	return KX_GRANT;
}

/* Nothing but starting: a solution that may do nothing at all shows nothing at all. */
static enum kx_verdict deny_all(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	(void)state;
	trail->rule = "deny-all";
	trail->reason = "the built-in module denies every message";
	if (event->kind == KX_EVENT_EXECUTE)
		return KX_GRANT;
	/* What a process needs to be one (basics.h). */
	return event->dst.sid == KX_SID_KERNEL && (strcmp(event->endpoint, "vmm.VMM") == 0 ||
						   strcmp(event->endpoint, "hal.HAL") == 0)
		       ? KX_GRANT
		       : KX_DENY;
}

static const struct kx_security_module allow_module = {
	.abi_version = KX_SECURITY_MODULE_ABI,
	.size = sizeof(struct kx_security_module),
	.name = "allow-all",
	.classify = all_direct,
	.decide = grant_all,
};

static const struct kx_security_module deny_module = {
	.abi_version = KX_SECURITY_MODULE_ABI,
	.size = sizeof(struct kx_security_module),
	.name = "deny-all",
	.decide = deny_all,
};

static struct {
	const struct kx_security_module *module;
	void *library;
	void *state;
} loaded;

static void log_line(void *context, const char *text)
{
	(void)context;
	kx_log("%s: %s", kx_module_name(), text);
}

static const struct kx_module_host host = {
	.abi_version = KX_SECURITY_MODULE_ABI,
	.log = log_line,
};

static bool refuse(char *error, const char *spec, const char *what, const char *advice)
{
	(void)snprintf(error, KX_MODULE_ERROR_MAX, "security module %s: %s; %s", spec, what,
		       advice);
	return false;
}

static const struct kx_security_module *built_in(const char *spec)
{
	if (strcmp(spec, "allow-all") == 0)
		return &allow_module;
	return strcmp(spec, "deny-all") == 0 ? &deny_module : NULL;
}

/* Not of the built-in ones; from whatever disk. */
static void open_file(const char *spec)
{
	const struct kx_module_call call = {.module = spec, .what = "being opened"};

	atomic_store(&kx_module_watch.looks, KX_MODULE_OPEN_LOOKS);
	kx_module_enter(&call);
	loaded.library = dlopen(spec, RTLD_NOW | RTLD_LOCAL);
	kx_module_leave();
	atomic_store(&kx_module_watch.looks, KX_MODULE_LOOKS);
}

static const struct kx_security_module *find_module(const char *spec, char *error)
{
	const struct kx_security_module *(*entry)(void);
	const struct kx_security_module *module = built_in(spec);

	if (module)
		return module;
	if (!loaded.library) {
		(void)refuse(error, spec, dlerror(),
			     "build it, or choose allow-all or deny-all with --policy");
		return NULL;
	}
	*(void **)&entry = dlsym(loaded.library, "kx_security_module");
	if (!entry) {
		(void)refuse(error, spec, "it has no function kx_security_module",
			     "see abi/kosix/security_module.h");
		return NULL;
	}
	module = entry();
	if (!module)
		(void)refuse(error, spec, "it offers no module", "see abi/kosix/security_module.h");
	return module;
}

static bool acceptable(const struct kx_security_module *module, const char *spec, char *error)
{
	char what[96];

	/* The version first: what follows it may stand elsewhere in another one. */
	if (module->abi_version == KX_SECURITY_MODULE_ABI &&
	    module->size == sizeof(struct kx_security_module)) {
		if (module->decide && module->name)
			return true;
		return refuse(error, spec, "it offers no decide function or no name",
			      "see abi/kosix/security_module.h");
	}
	(void)snprintf(what, sizeof(what), "it was built for module interface %u, this is %u",
		       module->abi_version, KX_SECURITY_MODULE_ABI);
	return refuse(error, spec, what, "build it again with this version's header");
}

static bool load(const char *spec, char *error)
{
	const struct kx_security_module *module = find_module(spec, error);

	if (!module || !acceptable(module, spec, error))
		return false;
	if (module->init && module->init(&host, &loaded.state) != 0)
		return refuse(error, spec, "its init function failed", "see its own message above");
	loaded.module = module;
	return true;
}

static void unload(void)
{
	if (loaded.module && loaded.module->fini)
		loaded.module->fini(loaded.state);
	if (loaded.library)
		(void)dlclose(loaded.library);
	memset(&loaded, 0, sizeof(loaded));
}

bool kx_module_load(const char *spec, char *error)
{
	const struct kx_module_call call = {.module = spec, .what = "being loaded"};
	bool is_loaded;

	if (!built_in(spec))
		open_file(spec);
	kx_module_enter(&call);
	is_loaded = load(spec, error);
	if (!is_loaded)
		unload();
	kx_module_leave();
	return is_loaded;
}

void kx_module_unload(void)
{
	const struct kx_module_call call = {.module = kx_module_name(), .what = "being unloaded"};

	kx_module_enter(&call);
	unload();
	kx_module_leave();
}

const char *kx_module_name(void)
{
	return loaded.module ? loaded.module->name : "(no security module)";
}

bool kx_module_grants_all(void)
{
	return loaded.module == &allow_module;
}

enum kx_classification kx_module_classify(const struct kx_method_question *question)
{
	const struct kx_module_call call = {
		.module = kx_module_name(), .what = "classifying", .question = question};
	enum kx_classification how;

	if (!loaded.module || !loaded.module->classify)
		return KX_ASK;
	kx_module_enter(&call);
	how = loaded.module->classify(loaded.state, question);
	kx_module_leave();
	return how;
}

enum kx_verdict kx_module_decide(const struct kx_event *event, struct kx_trail *trail)
{
	const struct kx_module_call call = {
		.module = kx_module_name(), .what = "deciding", .event = event, .trail = trail};
	enum kx_verdict verdict;

	if (!loaded.module)
		return KX_DENY;
	kx_module_enter(&call);
	verdict = loaded.module->decide(loaded.state, event, trail);
	kx_module_leave();
	return verdict == KX_GRANT ? KX_GRANT : KX_DENY;
}

void kx_module_forget(uint32_t sid)
{
	const struct kx_module_call call = {.module = kx_module_name(),
					    .what = "forgetting a resource"};

	if (!loaded.module || !loaded.module->forget)
		return;
	kx_module_enter(&call);
	loaded.module->forget(loaded.state, sid);
	kx_module_leave();
}

uint32_t kx_module_audit_level(void)
{
	const struct kx_module_call call = {.module = kx_module_name(),
					    .what = "asked for its audit level"};
	uint32_t level;

	if (!loaded.module || !loaded.module->audit_level)
		return 0;
	kx_module_enter(&call);
	level = loaded.module->audit_level(loaded.state);
	kx_module_leave();
	return level;
}

bool kx_module_has_audit_levels(void)
{
	return loaded.module && loaded.module->set_audit_level;
}

bool kx_module_set_audit_level(uint32_t level)
{
	const struct kx_module_call call = {.module = kx_module_name(),
					    .what = "changing its audit level"};
	bool changed;

	if (!kx_module_has_audit_levels())
		return false;
	kx_module_enter(&call);
	changed = loaded.module->set_audit_level(loaded.state, level);
	kx_module_leave();
	return changed;
}

bool kx_module_describe(const struct kx_event *event, char *text, size_t size)
{
	const struct kx_module_call call = {
		.module = kx_module_name(), .what = "describing", .event = event};
	bool described;

	if (!loaded.module || !loaded.module->describe)
		return false;
	kx_module_enter(&call);
	described = loaded.module->describe(loaded.state, event, text, size);
	kx_module_leave();
	return described;
}
