/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a policy must say so that processes start and calls are answered. Not saying it is no
 * mistake, but whoever forgot it is told before the first run what will be denied.
 */

#include <string.h>

#include "psl_inside.h"

#define NAMED 4u /* classes of one message; the others are counted */

/* Classes of which the same is to be said, at the first of them. */
struct classes {
	const struct kx_psl_class *first;
	const char *names;
	uint32_t count;
};

static void add(struct kx_psl *psl, struct classes *list, const struct kx_psl_class *class_entry)
{
	if (list->count++ == 0) {
		list->first = class_entry;
		list->names = class_entry->name;
	} else if (list->count <= NAMED) {
		list->names = kx_pool_format(psl->pool, "%s, %s", list->names, class_entry->name);
	}
}

static const char *names(struct kx_psl *psl, const struct classes *list)
{
	if (list->count <= NAMED)
		return list->names;
	return kx_pool_format(psl->pool, "%s and %u more", list->names, list->count - NAMED);
}

static bool may_grant(const struct kx_psl *psl, uint32_t tree)
{
	return psl->trees[tree]->count > 0 && !psl->trees[tree]->never_grants;
}

static bool is_kernel(const struct kx_psl *psl, const struct kx_psl_class *class_entry)
{
	return class_entry - psl->classes == psl->core;
}

/* Programs of the SDK are named by many policies and started by few. */
static bool is_system(const struct kx_psl_class *class_entry)
{
	return strncmp(class_entry->name, "kl.", 3) == 0;
}

/*
 * Marks what can start, and whoever that can start. The kernel starts Einit alone; that Einit
 * starts at all is taken as given here, and check_first() says if it does not.
 */
static void find_starts(struct kx_psl *psl, int einit)
{
	uint32_t *starters = kx_pool_alloc(psl->pool, (psl->class_count + 2) * sizeof(*starters));
	uint32_t count = 0;

	starters[count++] = (uint32_t)psl->core;
	if (einit >= 0)
		starters[count++] = (uint32_t)einit;
	for (uint32_t at = 0; at < count; at++) {
		bool only_einit = einit >= 0 && starters[at] == (uint32_t)psl->core;

		for (uint32_t i = 0; i < psl->class_count; i++) {
			struct kx_psl_class *started = &psl->classes[i];

			if (started->can_start || (only_einit && i != (uint32_t)einit) ||
			    !may_grant(psl, started->execute[starters[at]]))
				continue;
			started->can_start = true;
			if (i != (uint32_t)einit && i != (uint32_t)psl->core)
				starters[count++] = i;
		}
	}
}

/* The method that is asked before a process starts, or NULL. */
static const struct kx_psl_method *memory(const struct kx_psl *psl)
{
	const struct kx_psl_class *core = &psl->classes[psl->core];

	for (uint32_t i = 0; i < core->method_count; i++) {
		const struct kx_psl_method *method = &psl->methods[core->first_method + i];

		if (strcmp(method->interface_name, "kl.core.VMM") == 0 &&
		    strcmp(method->name, "Allocate") == 0)
			return method;
	}
	return NULL;
}

static bool any_execute_grants(const struct kx_psl *psl)
{
	for (uint32_t i = 0; i < psl->class_count; i++)
		for (uint32_t starter = 0; starter < psl->class_count; starter++)
			if (may_grant(psl, psl->classes[i].execute[starter]))
				return true;
	return false;
}

/* Who should start @class_entry, as the beginning of a selector. */
static const char *starter_of(const struct kx_psl *psl, const struct kx_psl_class *class_entry,
			      int einit)
{
	if (einit < 0)
		return "";
	return class_entry == &psl->classes[einit] ? "src=kl.core.Core " : "src=Einit ";
}

static void say_unstarted(struct kx_psl *psl, const struct classes *list, int einit)
{
	if (any_execute_grants(psl))
		kx_warning(psl->diag, &list->first->loc,
			   "no execute rule lets anybody that runs start %s%s; add 'execute "
			   "%sdst=%s { grant () }' if that is wanted",
			   names(psl, list),
			   einit >= 0 ? " (the kernel starts Einit and nothing else)" : "",
			   starter_of(psl, list->first, einit), list->first->name);
	else
		kx_warning(psl->diag, &list->first->loc,
			   "nothing can be started: no execute rule grants anything; add 'execute "
			   "{ grant () }', or such a rule for each class");
}

static void check_executes(struct kx_psl *psl, int einit)
{
	struct classes unstarted = {0};

	for (uint32_t i = 0; i < psl->class_count; i++) {
		const struct kx_psl_class *class_entry = &psl->classes[i];

		if (!class_entry->can_start && !is_kernel(psl, class_entry) &&
		    !is_system(class_entry))
			add(psl, &unstarted, class_entry);
	}
	if (unstarted.count)
		say_unstarted(psl, &unstarted, einit);
}

static void check_first(struct kx_psl *psl, int einit)
{
	if (einit < 0 || !psl->classes[einit].can_start ||
	    may_grant(psl, psl->classes[einit].execute[psl->core]))
		return;
	kx_warning(psl->diag, &psl->classes[einit].loc,
		   "nothing can be started: the kernel may not start Einit, which starts the "
		   "others; add 'execute src=kl.core.Core dst=Einit { grant () }'");
}

static void check_kernel_calls(struct kx_psl *psl)
{
	const struct kx_psl_method *method = memory(psl);
	struct classes refused = {0};

	for (uint32_t i = 0; method && i < psl->class_count; i++) {
		const struct kx_psl_class *class_entry = &psl->classes[i];

		if (!is_kernel(psl, class_entry) && !is_system(class_entry) &&
		    class_entry->can_start && !may_grant(psl, method->rows[KX_PSL_REQUEST][i]))
			add(psl, &refused, class_entry);
	}
	if (refused.count)
		kx_warning(psl->diag, &refused.first->loc,
			   "%s cannot start: no rule grants what a process asks of the kernel; add "
			   "'request src=%s dst=kl.core.Core { grant () }' and 'response "
			   "src=kl.core.Core dst=%s { grant () }'",
			   names(psl, &refused), refused.first->name, refused.first->name);
}

/*
 * A client of another class whose calls of @method may be granted, if nobody like it gets a
 * response, by no rule; or -1.
 */
static int unanswered(const struct kx_psl *psl, const struct kx_psl_method *method)
{
	int found = -1;

	for (uint32_t client = 0; client < psl->class_count; client++) {
		if (client == method->class_index ||
		    !may_grant(psl, method->rows[KX_PSL_REQUEST][client]))
			continue;
		if (psl->trees[method->rows[KX_PSL_RESPONSE][client]]->count > 0)
			return -1;
		if (found < 0)
			found = (int)client;
	}
	return found;
}

static void say_unanswered(struct kx_psl *psl, const struct kx_psl_method *method, int client,
			   uint32_t count)
{
	const struct kx_psl_tree *tree = psl->trees[method->rows[KX_PSL_REQUEST][client]];
	const char *server = psl->classes[method->class_index].name;

	kx_warning(psl->diag, &tree->made[0]->item->loc,
		   "%s.%s of %s may be called, but no rule grants its response%s; add 'response "
		   "src=%s { grant () }'",
		   method->path, method->name, server,
		   count > 1 ? kx_pool_format(psl->pool, ", as of %u other method%s", count - 1,
					      count == 2 ? "" : "s")
			     : "",
		   server);
}

static void check_responses(struct kx_psl *psl)
{
	const struct kx_psl_method *first = NULL;
	uint32_t count = 0;
	int client = -1;

	for (uint32_t i = 0; i < psl->method_count; i++) {
		const struct kx_psl_method *method = &psl->methods[i];
		const struct kx_psl_class *server = &psl->classes[method->class_index];
		int caller;

		if (method->security || is_kernel(psl, server) || is_system(server))
			continue;
		caller = unanswered(psl, method);
		if (caller >= 0 && count++ == 0) {
			first = method;
			client = caller;
		}
	}
	if (first)
		say_unanswered(psl, first, client, count);
}

void kx_psl_check_starts(struct kx_psl *psl)
{
	int einit = kx_psl_class_index(psl, "Einit");
	const struct kx_loc top = {&psl->files->source, 1, 1, 1, 1};

	if (psl->asserts) /* a part that is tested alone: the whole says more */
		return;
	if (psl->core < 0) {
		kx_warning(psl->diag, &top,
			   "nothing can be started: kl.core.Core is not part of the policy; add "
			   "'use EDL kl.core.Core'");
		return;
	}
	find_starts(psl, einit);
	check_executes(psl, einit);
	check_responses(psl);
	check_first(psl, einit);
	check_kernel_calls(psl);
}
