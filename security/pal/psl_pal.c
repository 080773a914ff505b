/* SPDX-License-Identifier: Apache-2.0 */

/* PAL: who the names in cases are, which method is meant. */

#include "psl_pal.h"

#include <string.h>

int kx_psl_variable(const struct kx_psl_variables *variables, const char *name)
{
	for (uint32_t i = 0; i < variables->count; i++)
		if (strcmp(variables->names[i], name) == 0)
			return (int)i;
	return -1;
}

static int bind(struct kx_psl *psl, struct kx_psl_variables *variables,
		const struct kx_psl_word *name, int class_index)
{
	int index = kx_psl_variable(variables, name->text);

	if (index < 0) {
		if (variables->count == sizeof(variables->names) / sizeof(*variables->names)) {
			kx_error(psl->diag, &name->loc, "more than %u variables in one assert",
				 variables->count);
			return -1;
		}
		index = (int)variables->count++;
		variables->names[index] = name->text;
	}
	variables->classes[index] = class_index;
	return index;
}

/* --- one case --------------------------------------------------------------------- */

static const struct kx_psl_selector *selector(const struct kx_psl_case *one, const char *kind)
{
	for (const struct kx_psl_selector *s = one->selectors; s; s = s->next)
		if (strcmp(s->kind_word.text, kind) == 0)
			return s;
	return NULL;
}

static bool check_kinds(struct kx_psl *psl, const struct kx_psl_case *one)
{
	static const char *const names[] = {"src",      "dst",       "component",
					    "endpoint", "interface", "method"};

	for (const struct kx_psl_selector *s = one->selectors; s; s = s->next) {
		struct kx_guess guess;
		bool known = false;

		kx_guess_init(&guess, s->kind_word.text);
		for (size_t i = 0; i < 6; i++) {
			known |= strcmp(names[i], s->kind_word.text) == 0;
			kx_guess_add(&guess, names[i]);
		}
		if (known)
			continue;
		kx_error(psl->diag, &s->kind_word.loc, "there is no selector '%s'%s",
			 s->kind_word.text, kx_guess_text(&guess, psl->pool));
		return false;
	}
	return true;
}

/* A side of the event: a variable, or a class by name. */
static bool find_side(struct kx_psl *psl, const struct kx_psl_variables *variables,
		      const struct kx_psl_selector *s, int *class_index, int *variable)
{
	struct kx_guess guess;

	*variable = kx_psl_variable(variables, s->value.text);
	*class_index = *variable >= 0 ? variables->classes[*variable]
				      : kx_psl_class_index(psl, s->value.text);
	if (*class_index >= 0)
		return true;
	kx_guess_init(&guess, s->value.text);
	for (uint32_t i = 0; i < variables->count; i++)
		kx_guess_add(&guess, variables->names[i]);
	for (uint32_t i = 0; i < psl->class_count; i++)
		kx_guess_add(&guess, psl->classes[i].name);
	kx_error(psl->diag, &s->value.loc, "'%s' is neither a variable nor a class%s",
		 s->value.text, kx_guess_text(&guess, psl->pool));
	return false;
}

static bool fits(const struct kx_psl_method *method, const struct kx_psl_case *one, bool security)
{
	static const char *const kinds[] = {"component", "endpoint", "interface", "method"};
	const char *const names[] = {method->component, method->path, method->interface_name,
				     method->name};

	if (method->security != security)
		return false;
	for (size_t i = 0; i < 4; i++) {
		const struct kx_psl_selector *s = selector(one, kinds[i]);

		if (s && (!names[i] || strcmp(s->value.text, names[i]) != 0))
			return false;
	}
	return true;
}

static void no_method(struct kx_psl *psl, const struct kx_psl_case *one,
		      const struct kx_psl_class *server)
{
	const struct kx_psl_selector *endpoint = selector(one, "endpoint");
	const struct kx_psl_selector *method = selector(one, "method");
	struct kx_guess endpoints, methods;

	kx_guess_init(&endpoints, endpoint ? endpoint->value.text : "");
	kx_guess_init(&methods, method ? method->value.text : "");
	for (uint32_t i = 0; i < server->method_count; i++) {
		const struct kx_psl_method *m = &psl->methods[server->first_method + i];

		if (endpoint && strcmp(m->path, endpoint->value.text) != 0)
			kx_guess_add(&endpoints, m->path);
		else
			kx_guess_add(&methods, m->name);
	}
	kx_error(psl->diag, &one->loc, "class '%s' has no such method%s", server->name,
		 kx_guess_text(endpoints.best ? &endpoints : &methods, psl->pool));
}

static bool find_method(struct kx_psl *psl, const struct kx_psl_case *one, int server_index,
			struct kx_psl_pal_case *out)
{
	const struct kx_psl_class *server = &psl->classes[server_index];

	for (uint32_t i = 0; i < server->method_count; i++) {
		const struct kx_psl_method *m = &psl->methods[server->first_method + i];

		if (!fits(m, one, one->kind == KX_PSL_SECURITY))
			continue;
		if (out->method) {
			kx_error(psl->diag, &one->loc,
				 "this fits '%s.%s' and '%s.%s'; give endpoint and method",
				 out->method->path, out->method->name, m->path, m->name);
			return false;
		}
		out->method = m;
	}
	if (!out->method)
		no_method(psl, one, server);
	return out->method != NULL;
}

static bool find_sides(struct kx_psl *psl, const struct kx_psl_case *one,
		       const struct kx_psl_variables *variables, struct kx_psl_pal_case *out)
{
	const struct kx_psl_selector *src = selector(one, "src");
	const struct kx_psl_selector *dst = selector(one, "dst");

	out->src_class = out->dst_class = -1;
	out->src_variable = out->dst_variable = -1;
	if (!src && one->kind == KX_PSL_EXECUTE) {
		out->src_class = psl->core;
		if (psl->core < 0) {
			kx_error(psl->diag, &one->loc,
				 "the kernel starts this, but the policy does not 'use EDL "
				 "kl.core.Core'");
			return false;
		}
	} else if (!src) {
		kx_error(psl->diag, &one->loc, "src= is missing");
		return false;
	} else if (!find_side(psl, variables, src, &out->src_class, &out->src_variable)) {
		return false;
	}
	if (one->kind == KX_PSL_SECURITY)
		return true;
	if (!dst) {
		kx_error(psl->diag, &one->loc, "dst= is missing");
		return false;
	}
	return find_side(psl, variables, dst, &out->dst_class, &out->dst_variable);
}

static struct kx_psl_pal_case *check_case(struct kx_psl *psl, const struct kx_psl_case *one,
					  struct kx_psl_variables *variables)
{
	struct kx_psl_pal_case *out = kx_pool_new(psl->pool, struct kx_psl_pal_case);
	int server;

	out->source = one;
	out->binds = -1;
	if (!check_kinds(psl, one) || !find_sides(psl, one, variables, out))
		return out;
	if (one->variable.text) {
		if (one->kind != KX_PSL_EXECUTE)
			kx_error(psl->diag, &one->variable.loc,
				 "only execute gives a SID to bind with '<-'");
		out->binds = bind(psl, variables, &one->variable, out->dst_class);
	}
	if (one->kind == KX_PSL_EXECUTE)
		return out;
	server = kx_psl_server_is_src(one->kind) ? out->src_class : out->dst_class;
	if (find_method(psl, one, server, out))
		(void)kx_psl_encode(psl, out->method, kx_psl_direction(one->kind), one->message,
				    variables, &out->bytes);
	return out;
}

static void check_cases(struct kx_psl *psl, const struct kx_psl_case *cases,
			struct kx_psl_variables *variables, struct kx_psl_pal_block *block)
{
	struct kx_psl_pal_case **end = &block->cases;

	for (const struct kx_psl_case *one = cases; one; one = one->next) {
		*end = check_case(psl, one, variables);
		end = &(*end)->next;
		block->count++;
	}
}

/* --- asserts ------------------------------------------------------------------------ */

static const char *title(struct kx_psl *psl, const char *given, const char *what, uint32_t number)
{
	return given ? given : kx_pool_format(psl->pool, "%s%u", what, number);
}

static struct kx_psl_pal_assert *check_assert(struct kx_psl *psl, const struct kx_psl_assert *from,
					      uint32_t number)
{
	struct kx_psl_pal_assert *out = kx_pool_new(psl->pool, struct kx_psl_pal_assert);
	struct kx_psl_variables *variables = kx_pool_new(psl->pool, struct kx_psl_variables);
	struct kx_psl_pal_block **end = &out->sequences;

	out->title = title(psl, from->title, "Assert", number);
	check_cases(psl, from->setup, variables, &out->setup);
	for (const struct kx_psl_sequence *s = from->sequences; s; s = s->next) {
		*end = kx_pool_new(psl->pool, struct kx_psl_pal_block);
		(*end)->title = title(psl, s->title, "Sequence", ++out->count);
		check_cases(psl, s->cases, variables, *end);
		end = &(*end)->next;
	}
	if (out->count == 0) { /* setup and finally alone are a test too */
		out->sequences = kx_pool_new(psl->pool, struct kx_psl_pal_block);
		out->sequences->title = "Setup";
		out->count = 1;
	}
	check_cases(psl, from->finally, variables, &out->finally);
	out->variables = variables->count;
	return out;
}

bool kx_psl_check_tests(struct kx_psl *psl)
{
	struct kx_psl_pal_assert **end = &psl->pal;
	unsigned int errors = psl->diag->errors;
	uint32_t number = 0;

	for (const struct kx_psl_assert *a = psl->asserts; a; a = a->next) {
		*end = check_assert(psl, a, ++number);
		end = &(*end)->next;
	}
	return psl->diag->errors == errors;
}
