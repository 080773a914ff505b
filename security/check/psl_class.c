/* SPDX-License-Identifier: Apache-2.0 */

/* Classes the policy uses, sorted by name, and the methods each one serves. */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "psl_inside.h"

static int compare_classes(const void *a, const void *b)
{
	return strcmp(((const struct kx_psl_class *)a)->name,
		      ((const struct kx_psl_class *)b)->name);
}

int kx_psl_class_index(const struct kx_psl *psl, const char *name)
{
	uint32_t low = 0, high = psl->class_count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;
		int order = strcmp(psl->classes[middle].name, name);

		if (order == 0)
			return (int)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

bool kx_psl_has_edl(const struct kx_psl *psl, const char *name)
{
	for (const struct kx_psl_dir *dir = psl->dirs; dir; dir = dir->next) {
		char *path = kx_pool_format(psl->pool, "%s/%s.edl", dir->path, name);
		struct stat st;

		for (size_t i = 0; i < strlen(name); i++)
			if (path[strlen(dir->path) + 1 + i] == '.')
				path[strlen(dir->path) + 1 + i] = '/';
		if (stat(path, &st) == 0)
			return true;
	}
	return false;
}

static uint32_t methods_of(const struct kx_nk_endpoint *flat, uint32_t count)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		if (flat[i].iface)
			sum += flat[i].iface->method_count;
	return sum;
}

static void add_methods(struct kx_psl *psl, uint32_t class_index, const struct kx_nk_endpoint *flat,
			uint32_t count, bool security)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct kx_nk_unit *owner = flat[i].owner;

		if (!flat[i].iface)
			continue;
		for (const struct kx_nk_method *m = flat[i].iface->methods; m; m = m->next)
			psl->methods[psl->method_count++] = (struct kx_psl_method){
				.endpoint = &flat[i],
				.method = m,
				.class_index = class_index,
				.riid = flat[i].riid,
				.security = security,
				.path = kx_psl_intern(psl, flat[i].path),
				.interface_name = kx_psl_intern(psl, flat[i].iface->name),
				.name = kx_psl_intern(psl, m->name),
				.component = owner && owner->kind == KX_NK_CDL
						     ? kx_psl_intern(psl, owner->name)
						     : NULL,
			};
	}
}

bool kx_psl_check_classes(struct kx_psl *psl)
{
	uint32_t total = 0;

	for (uint32_t i = 0; i < psl->class_count; i++) {
		const struct kx_nk_unit *unit = psl->classes[i].unit;

		if (!unit || !unit->ok)
			return false;
		total += methods_of(unit->flat, unit->flat_count) +
			 methods_of(unit->flat_security, unit->flat_security_count);
	}
	if (psl->class_count)
		qsort(psl->classes, psl->class_count, sizeof(*psl->classes), compare_classes);
	psl->methods = kx_pool_alloc(psl->pool, (total + 1) * sizeof(*psl->methods));
	for (uint32_t i = 0; i < psl->class_count; i++) {
		struct kx_psl_class *entry = &psl->classes[i];

		entry->first_method = psl->method_count;
		add_methods(psl, i, entry->unit->flat, entry->unit->flat_count, false);
		add_methods(psl, i, entry->unit->flat_security, entry->unit->flat_security_count,
			    true);
		entry->method_count = psl->method_count - entry->first_method;
	}
	psl->core = kx_psl_class_index(psl, KX_PSL_CORE);
	return true;
}
