/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Linking units with each other, and component trees: the endpoints of a task
 * are those of its components, each component in its place, then its own. The
 * order gives the numbers (RIIDs) that programs ask for.
 */

#include <string.h>

#include "session.h"

static void check_instances(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	struct kx_nk_named *names;
	size_t count = 0;

	for (struct kx_nk_instance *i = unit->components; i; i = i->next, count++)
		kx_nk_check_plain(nk, "component instance", i->name, &i->loc);
	for (struct kx_nk_instance *i = unit->endpoints; i; i = i->next, count++)
		kx_nk_check_plain(nk, "endpoint", i->name, &i->loc);
	names = kx_pool_alloc(&nk->pool, count * sizeof(*names));
	count = 0;
	for (struct kx_nk_instance *i = unit->components; i; i = i->next)
		names[count++] = (struct kx_nk_named){i->name, &i->loc, 0};
	for (struct kx_nk_instance *i = unit->endpoints; i; i = i->next)
		names[count++] = (struct kx_nk_named){i->name, &i->loc, 0};
	kx_nk_check_unique(nk, "instance", names, count);
}

/* Endpoints and security endpoints below @unit; false if there are too many. */
static bool count_endpoints(struct kx_nk *nk, struct kx_nk_unit *unit, unsigned int *count,
			    unsigned int *security)
{
	*count = 0;
	*security = unit->security ? 1 : 0;
	for (struct kx_nk_instance *i = unit->components; i; i = i->next) {
		*count += i->unit->flat_count;
		*security += i->unit->flat_security_count;
		if (*count > KX_NK_MAX_ENDPOINTS || *security > KX_NK_MAX_ENDPOINTS)
			break;
	}
	for (struct kx_nk_instance *i = unit->endpoints; i; i = i->next)
		++*count;
	if (*count <= KX_NK_MAX_ENDPOINTS && *security <= KX_NK_MAX_ENDPOINTS)
		return true;
	kx_error(&nk->diag, &unit->name_loc, "'%s' has more than %u endpoints", unit->name,
		 KX_NK_MAX_ENDPOINTS);
	return false;
}

static void copy_nested(struct kx_nk *nk, const char *instance, const struct kx_nk_endpoint *from,
			unsigned int count, struct kx_nk_endpoint *to, unsigned int first)
{
	for (unsigned int n = 0; n < count; n++) {
		to[first + n] = from[n];
		to[first + n].path = kx_pool_format(&nk->pool, "%s.%s", instance, from[n].path);
		to[first + n].c_path = kx_pool_format(&nk->pool, "%s_%s", instance, from[n].c_path);
		to[first + n].riid = (uint16_t)(first + n);
	}
}

static struct kx_nk_endpoint own_endpoint(struct kx_nk *nk, struct kx_nk_unit *unit,
					  const struct kx_nk_instance *instance, unsigned int riid)
{
	return (struct kx_nk_endpoint){
		.path = instance->name,
		.c_path = instance->name,
		.qualified = kx_pool_format(&nk->pool, "%s.%s", unit->name, instance->name),
		.riid = (uint16_t)riid,
		.iface = instance->unit,
		.owner = unit,
		.security = instance == unit->security,
	};
}

/* The descriptors of a task have an entry for each method of each endpoint. */
static void check_callable(struct kx_nk *nk, const struct kx_nk_unit *unit)
{
	uint64_t methods = 0;

	for (unsigned int n = 0; n < unit->flat_count; n++)
		methods += unit->flat[n].iface->method_count;
	if (methods > KX_NK_MAX_CALLABLE)
		kx_error(&nk->diag, &unit->name_loc,
			 "the endpoints of '%s' have more than %u methods together", unit->name,
			 KX_NK_MAX_CALLABLE);
}

static void flatten(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	unsigned int count, security;
	unsigned int n = 0, s = 0;

	if (!count_endpoints(nk, unit, &count, &security))
		return;
	unit->flat = kx_pool_alloc(&nk->pool, count * sizeof(*unit->flat));
	unit->flat_security = kx_pool_alloc(&nk->pool, security * sizeof(*unit->flat_security));
	for (struct kx_nk_instance *i = unit->components; i; i = i->next) {
		copy_nested(nk, i->name, i->unit->flat, i->unit->flat_count, unit->flat, n);
		n += i->unit->flat_count;
		copy_nested(nk, i->name, i->unit->flat_security, i->unit->flat_security_count,
			    unit->flat_security, s);
		s += i->unit->flat_security_count;
	}
	for (struct kx_nk_instance *i = unit->endpoints; i; i = i->next, n++)
		unit->flat[n] = own_endpoint(nk, unit, i, n);
	if (unit->security)
		unit->flat_security[s] = own_endpoint(nk, unit, unit->security, s);
	unit->flat_count = count;
	unit->flat_security_count = security;
	check_callable(nk, unit);
}

static bool is_interface(struct kx_nk *nk, const struct kx_nk_instance *instance)
{
	if (!instance->unit)
		return false;
	if (instance->unit->has_interface || !instance->unit->ok)
		return true;
	kx_error(&nk->diag, &instance->class_loc, "'%s' has types only, no interface",
		 instance->class_name);
	return false;
}

/* Requests to the security module bring a verdict back and nothing else. */
static void check_security(struct kx_nk *nk, const struct kx_nk_instance *security)
{
	for (struct kx_nk_method *m = security->unit->methods; m; m = m->next) {
		for (struct kx_nk_field *p = m->params; p; p = p->next) {
			if (p->direction == KX_NK_IN)
				continue;
			kx_error(&nk->diag, &p->loc,
				 "'%s' is used as a security interface, so its methods have 'in' "
				 "parameters only",
				 security->unit->name);
			kx_note(&nk->diag, &security->class_loc, "used here");
			return;
		}
	}
}

/* flat_state: 0 new, 1 on the way, 2 good, 3 bad */
static bool flatten_all(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	bool good = true;

	if (unit->flat_state >= 2)
		return unit->flat_state == 2;
	unit->flat_state = 1;
	for (struct kx_nk_instance *i = unit->components; i && !kx_nk_gave_up(nk); i = i->next) {
		if (i->unit && i->unit->flat_state == 1) {
			kx_error(&nk->diag, &i->class_loc, "component '%s' contains itself",
				 i->class_name);
			good = false;
		} else if (!i->unit || !flatten_all(nk, i->unit)) {
			good = false;
		}
	}
	for (struct kx_nk_instance *i = unit->endpoints; i && !kx_nk_gave_up(nk); i = i->next)
		good &= is_interface(nk, i);
	if (unit->security && is_interface(nk, unit->security))
		check_security(nk, unit->security);
	else if (unit->security)
		good = false;
	if (good && !kx_nk_gave_up(nk))
		flatten(nk, unit);
	unit->flat_state = good ? 2 : 3;
	return good;
}

static void link_instances(struct kx_nk *nk, struct kx_nk_unit *unit, enum kx_nk_kind kind,
			   struct kx_nk_instance *first)
{
	for (struct kx_nk_instance *i = first; i && !kx_nk_gave_up(nk); i = i->next) {
		i->unit = kx_nk_find(nk, kind, i->class_name, &i->class_loc);
		if (!i->unit || (i->unit->state == 2 && !i->unit->ok))
			unit->ok = false;
	}
}

/* Loads what @unit names. Only names are settled here, so circles of imports are fine. */
static void link_unit(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	unit->state = 1;
	if (unit->kind == KX_NK_IDL)
		kx_nk_build_scope(nk, unit);
	for (struct kx_nk_import *i = unit->imports; i && !kx_nk_gave_up(nk); i = i->next) {
		i->unit = kx_nk_find(nk, KX_NK_IDL, i->name, &i->loc);
		if (!i->unit || (i->unit->state == 2 && !i->unit->ok))
			unit->ok = false;
	}
	link_instances(nk, unit, KX_NK_CDL, unit->components);
	link_instances(nk, unit, KX_NK_IDL, unit->endpoints);
	link_instances(nk, unit, KX_NK_IDL, unit->security);
}

static void check_unit(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	unit->state = 2;
	if (unit->bad_syntax || kx_nk_gave_up(nk))
		return;
	if (unit->kind == KX_NK_IDL) {
		kx_nk_check_idl(nk, unit);
	} else {
		check_instances(nk, unit);
		flatten_all(nk, unit);
	}
}

static void check_linked(struct kx_nk *nk, unsigned int errors)
{
	for (struct kx_nk_unit *u = nk->units; u; u = u->next) {
		if (u->state != 1)
			continue;
		check_unit(nk, u);
		if (nk->diag.errors != errors)
			u->ok = false;
	}
}

void kx_nk_check(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	unsigned int errors = nk->diag.errors;
	bool outermost = nk->linking == 0;

	if (unit->state != 0)
		return;
	nk->linking++;
	link_unit(nk, unit);
	nk->linking--;
	if (outermost)
		check_linked(nk, errors);
}
