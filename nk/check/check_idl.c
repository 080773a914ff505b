/* SPDX-License-Identifier: Apache-2.0 */

/* The definitions and the interface of an IDL unit. */

#include <string.h>

#include "session.h"

static void check_params(struct kx_nk *nk, struct kx_nk_method *method, int direction)
{
	struct kx_nk_named *names;
	size_t count = 0;

	for (struct kx_nk_field *p = method->params; p; p = p->next)
		count++;
	names = kx_pool_alloc(&nk->pool, count * sizeof(*names));
	count = 0;
	for (struct kx_nk_field *p = method->params; p; p = p->next)
		if ((int)p->direction == direction)
			names[count++] = (struct kx_nk_named){p->name, &p->loc, 0};
	kx_nk_check_unique(nk, "parameter", names, count);
}

/* Names of generated code that a method's or a parameter's own would meet. */
static void check_generated(struct kx_nk *nk, const struct kx_nk_method *method)
{
	static const char *const taken[] = {"proxy", "ops", "req", "res"};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcmp(method->name, taken[i]) == 0)
			kx_error(&nk->diag, &method->loc,
				 "method cannot be called '%s': generated C uses that name",
				 method->name);
	for (const struct kx_nk_field *p = method->params; p; p = p->next)
		if (strcmp(p->name, "arena") == 0 && p->type->layout.rows > 0)
			kx_error(&nk->diag, &p->loc,
				 "parameter of variable size cannot be called 'arena': generated C "
				 "uses that name");
}

static void check_method(struct kx_nk *nk, struct kx_nk_unit *unit, struct kx_nk_method *method)
{
	bool good = true;

	kx_nk_check_plain(nk, "method", method->name, &method->loc);
	for (struct kx_nk_field *p = method->params; p && !kx_nk_gave_up(nk); p = p->next) {
		kx_nk_check_member(nk, "parameter", p->name, &p->loc);
		good &= kx_nk_check_type(nk, unit, p->type);
	}
	if (!good || kx_nk_gave_up(nk))
		return;
	check_generated(nk, method);
	for (int direction = KX_NK_IN; direction <= KX_NK_ERR; direction++)
		check_params(nk, method, direction);
	kx_nk_layout_method(nk, method);
}

/* What generated code says about the messages of an interface: fields, bytes of names. */
struct wordiness {
	uint64_t leaves;
	uint64_t text;
};

/* Adds @method; false when it becomes too much, before a sum could overflow. */
static bool add_words(struct wordiness *sum, const struct kx_nk_method *method)
{
	for (const struct kx_nk_field *p = method->params; p; p = p->next) {
		const struct kx_nk_layout *layout = &p->type->layout;

		sum->leaves += layout->leaves;
		if (sum->leaves > KX_NK_MAX_LEAVES)
			return false;
		sum->text += layout->text;
		sum->text += layout->leaves * (strlen(method->name) + strlen(p->name));
		if (sum->text > KX_NK_MAX_NAMES)
			return false;
	}
	return true;
}

/* Generated code has a line for each; two small definitions can ask for billions. */
static void check_size(struct kx_nk *nk, const struct kx_nk_unit *unit)
{
	struct wordiness sum = {0};

	for (const struct kx_nk_method *m = unit->methods; m; m = m->next) {
		if (add_words(&sum, m))
			continue;
		kx_error(&nk->diag, &m->loc,
			 "interface is too large here: its messages have more than %u fields, "
			 "records written out, or names of more than %u bytes together; move "
			 "methods into an interface of their own",
			 KX_NK_MAX_LEAVES, KX_NK_MAX_NAMES);
		return;
	}
}

static void check_methods(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	struct kx_nk_named *names;
	size_t count = 0;

	if (unit->method_count > KX_NK_MAX_METHODS) {
		kx_error(&nk->diag, &unit->interface_loc, "interface has more than %u methods",
			 KX_NK_MAX_METHODS);
		return;
	}
	names = kx_pool_alloc(&nk->pool, unit->method_count * sizeof(*names));
	for (struct kx_nk_method *m = unit->methods; m && !kx_nk_gave_up(nk); m = m->next) {
		check_method(nk, unit, m);
		names[count++] = (struct kx_nk_named){m->name, &m->loc, 0};
	}
	kx_nk_check_unique(nk, "method", names, count);
	check_size(nk, unit);
}

void kx_nk_check_idl(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	for (struct kx_nk_def *d = unit->defs; d && !kx_nk_gave_up(nk); d = d->next)
		kx_nk_check_def(nk, d);
	if (!kx_nk_gave_up(nk))
		check_methods(nk, unit);
}
