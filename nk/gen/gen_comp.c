/* SPDX-License-Identifier: Apache-2.0 */

/* What CDL and EDL bring: endpoint ids, component structures, dispatch. */

#include <string.h>

#include "gen.h"

#define PRINT(format, ...) kx_gen_print(gen, format, __VA_ARGS__)

static const char *const limits[] = {"req_arena_size", "res_arena_size", "arena_size",
				     "req_handles",    "res_handles",    "err_handles"};

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void print_iids(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	PRINT("enum %s\n", "{");
	for (unsigned int n = 0; n < unit->flat_count; n++)
		PRINT("\t%s,\n", kx_gen_name(gen, unit, "_%s_iid", unit->flat[n].c_path));
	PRINT("\t%s,\n};\n", kx_gen_name(gen, unit, "_iidMax"));
}

/* First ids of the instances below @at; @path has their names so far. */
static void print_offsets(struct kx_gen *gen, const struct kx_nk_unit *unit,
			  const struct kx_nk_unit *at, const char *path, unsigned int first)
{
	for (const struct kx_nk_instance *i = at->components; i; i = i->next) {
		const char *name = kx_pool_format(kx_nk_pool(gen->nk), "%s_%s", path, i->name);

		PRINT("\t%s = %u,\n", kx_gen_name(gen, unit, "%s_iidOffset", name), first);
		if (i->unit->flat_count > 0)
			print_offsets(gen, unit, i->unit, name, first);
		first += i->unit->flat_count;
	}
}

static void print_security_iids(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	PRINT("enum %s\n", "{");
	for (unsigned int n = 0; n < unit->flat_security_count; n++) {
		const char *path = unit->flat_security[n].c_path;
		const char *full = kx_gen_name(gen, unit, "_%s_securityIid", path);

		/* "a_security" also without its last part: a component has one such endpoint. */
		PRINT("\t%s,\n\t%s = %s,\n", full,
		      kx_gen_name(gen, unit, "_%.*ssecurityIid",
				  (int)(strlen(path) - strlen("security")), path),
		      full);
	}
	PRINT("\t%s,\n};\n", kx_gen_name(gen, unit, "_securityIidMax"));
}

/* In the order of limits[]. */
static void add_limits(uint64_t *values, const struct kx_nk_unit *iface)
{
	for (const struct kx_nk_method *m = iface->methods; m; m = m->next) {
		uint64_t res = larger(m->msg[KX_NK_OUT].arena, m->msg[KX_NK_ERR].arena);

		values[0] = larger(values[0], m->msg[KX_NK_IN].arena);
		values[1] = larger(values[1], res);
		values[2] = larger(values[0], values[1]);
		for (int d = KX_NK_IN; d <= KX_NK_ERR; d++)
			values[3 + d] = larger(values[3 + d], m->msg[d].handles);
	}
}

static void print_component_limits(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	uint64_t values[6] = {0};

	for (unsigned int n = 0; n < unit->flat_count; n++)
		add_limits(values, unit->flat[n].iface);
	PRINT("enum %s\n", "{");
	for (int i = 0; i < 6; i++)
		PRINT("\t%s = %llu,\n", kx_gen_name(gen, unit, "_component_%s", limits[i]),
		      (unsigned long long)values[i]);
	PRINT("}%s\n", ";");
}

void kx_gen_endpoints(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_begin(gen, unit->name, "COMPONENT_ENDPOINTS");
	print_iids(gen, unit);
	PRINT("enum {\n\t%s = 0,\n", kx_gen_name(gen, unit, "_iidOffset"));
	print_offsets(gen, unit, unit, "", 0);
	PRINT("}%s\n", ";");
	print_security_iids(gen, unit);
	print_component_limits(gen, unit);
	kx_gen_end(gen);
}

void kx_gen_task_endpoints(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_begin(gen, unit->name, "TASK_ENDPOINTS");
	PRINT("enum %s\n", "{");
	for (int i = 0; i < 6; i++)
		PRINT("\t%s = %s_component_%s,\n", kx_gen_name(gen, unit, "_entity_%s", limits[i]),
		      unit->c_name, limits[i]);
	PRINT("}%s\n", ";");
	kx_gen_end(gen);
}

/* "\t" or ",\n\t", then the pointer that stands for one member. */
static void print_members(struct kx_gen *gen, const struct kx_nk_unit *unit, const char *before,
			  const char *after)
{
	for (const struct kx_nk_instance *i = unit->components; i; i = i->next)
		if (i->unit->flat_count > 0)
			PRINT("%sstruct %s_component *%s%s", before, i->unit->c_name, i->name,
			      after);
	for (const struct kx_nk_instance *i = unit->endpoints; i; i = i->next)
		PRINT("%sstruct %s *%s%s", before, i->unit->c_name, i->name, after);
}

/* Calls the format for each member that exists. */
static void print_member_names(struct kx_gen *gen, const struct kx_nk_unit *unit,
			       const char *before, const char *between, const char *after)
{
	for (const struct kx_nk_instance *i = unit->components; i; i = i->next)
		if (i->unit->flat_count > 0)
			PRINT("%s%s%s%s%s", before, i->name, between, between[0] ? i->name : "",
			      after);
	for (const struct kx_nk_instance *i = unit->endpoints; i; i = i->next)
		PRINT("%s%s%s%s%s", before, i->name, between, between[0] ? i->name : "", after);
}

static void print_component_init(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	PRINT("static inline void %s(struct %s_component *self",
	      kx_gen_name(gen, unit, "_component_init"), unit->c_name);
	print_members(gen, unit, ",\n\t", "");
	PRINT(")\n{\n\tnk_assert(%s);\n", "self != NK_NULL");
	print_member_names(gen, unit, "\tself->", " = ", ";\n");
	PRINT("%s\n", "}");
}

static void print_component_union(struct kx_gen *gen, const struct kx_nk_unit *unit,
				  const char *kind)
{
	PRINT("typedef union %s_component_%s {\n\tstruct nk_message base_;\n", unit->c_name, kind);
	for (unsigned int n = 0; n < unit->flat_count; n++)
		PRINT("\tunion %s_%s %s;\n", unit->flat[n].iface->c_name, kind,
		      unit->flat[n].c_path);
	PRINT("} %s;\n", kx_gen_name(gen, unit, "_component_%s", kind));
}

/* "a.b.c" as "a->b->c" */
static const char *member_path(struct kx_gen *gen, const char *path)
{
	char *text = kx_pool_alloc(kx_nk_pool(gen->nk), 2 * strlen(path) + 1);
	size_t len = 0;

	for (const char *p = path; *p; p++) {
		if (*p == '.')
			text[len++] = '-';
		text[len++] = *p == '.' ? '>' : *p;
	}
	return text;
}

static void print_component_dispatch(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	PRINT("static inline nk_err_t %s(struct %s_component *self, nk_iid_t iidOffset,\n"
	      "\tconst struct nk_message *req, const struct nk_arena *req_arena,\n"
	      "\tstruct nk_message *res, struct nk_arena *res_arena)\n{\n"
	      "\tnk_assert(self != NK_NULL);\n\tnk_assert(req != NK_NULL);\n"
	      "\tnk_assert(res != NK_NULL);\n"
	      "\tif (req->iid < iidOffset)\n\t\treturn NK_ENOENT;\n"
	      "\tswitch (req->iid - iidOffset) {\n",
	      kx_gen_name(gen, unit, "_component_dispatch"), unit->c_name);
	for (unsigned int n = 0; n < unit->flat_count; n++)
		PRINT("\tcase %s_%s_iid:\n"
		      "\t\treturn %s_interface_dispatch(self->%s, req->iid, req, req_arena,\n"
		      "\t\t\tres, res_arena);\n",
		      unit->c_name, unit->flat[n].c_path, unit->flat[n].iface->c_name,
		      member_path(gen, unit->flat[n].path));
	PRINT("\tdefault:\n\t\tbreak;\n\t}\n\treturn %s;\n}\n", "NK_ENOENT");
}

void kx_gen_component(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_begin(gen, unit->name, "COMPONENT_SERVER_TYPES");
	PRINT("typedef struct %s_component {\n", unit->c_name);
	print_members(gen, unit, "\t", ";\n");
	PRINT("} %s;\n", kx_gen_name(gen, unit, "_component"));
	kx_gen_end(gen);
	kx_gen_begin(gen, unit->name, "COMPONENT_SERVER_DISPATCHER");
	print_component_init(gen, unit);
	print_component_union(gen, unit, "req");
	print_component_union(gen, unit, "res");
	print_component_dispatch(gen, unit);
	kx_gen_end(gen);
}

void kx_gen_task(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	static const char *const kinds[] = {"_req", "_res", ""};
	const char *e = unit->c_name;

	kx_gen_begin(gen, unit->name, "ENTITY_SERVER");
	for (int i = 0; i < 3; i++)
		PRINT("#define %s %s_component%s\n", kx_gen_name(gen, unit, "_entity%s", kinds[i]),
		      e, kinds[i]);
	PRINT("static inline void %s(struct %s_entity *self",
	      kx_gen_name(gen, unit, "_entity_init"), e);
	print_members(gen, unit, ",\n\t", "");
	PRINT(")\n{\n\t%s_component_init(self", e);
	print_member_names(gen, unit, ", ", "", "");
	PRINT(");\n}%s\n", "");
	PRINT("static inline nk_err_t %s(struct %s_entity *self,\n"
	      "\tconst struct nk_message *req, const struct nk_arena *req_arena,\n"
	      "\tstruct nk_message *res, struct nk_arena *res_arena)\n{\n"
	      "\treturn %s_component_dispatch(self, 0, req, req_arena, res, res_arena);\n}\n",
	      kx_gen_name(gen, unit, "_entity_dispatch"), e, e);
	kx_gen_end(gen);
}

/* Tables of one node and, before it, of the nodes below; returns the node's initialiser. */
static void print_node(struct kx_gen *gen, const struct kx_nk_unit *root,
		       const struct kx_nk_unit *unit, const char *c_path, const char *path,
		       unsigned int first)
{
	struct kx_pool *pool = kx_nk_pool(gen->nk);
	unsigned int offset = first;
	unsigned int own = first + unit->flat_count;
	unsigned int count = 0;

	for (const struct kx_nk_instance *i = unit->components; i; i = i->next) {
		print_node(gen, root, i->unit, kx_pool_format(pool, "%s_%s", c_path, i->name),
			   kx_pool_format(pool, "%s%s%s", path, path[0] ? "." : "", i->name),
			   offset);
		offset += i->unit->flat_count;
	}
	PRINT("static const struct nk_refl_endpoint %s%s_refl_endpoints[] = {\n", root->c_name,
	      c_path);
	for (unsigned int n = offset; n < own; n++)
		PRINT("\t{%u, \"%s\", \"%s\", \"%s\"},\n", n, root->flat[n].qualified,
		      root->flat[n].path, root->flat[n].iface->name);
	PRINT("\t{0, NK_NULL, NK_NULL, NK_NULL},\n};\nstatic const struct nk_refl_node "
	      "%s%s_refl_nodes[] = {\n",
	      root->c_name, c_path);
	offset = first;
	for (const struct kx_nk_instance *i = unit->components; i; i = i->next, count++) {
		unsigned int nested = 0;
		unsigned int below = i->unit->flat_count;

		for (const struct kx_nk_instance *j = i->unit->components; j; j = j->next, nested++)
			below -= j->unit->flat_count;
		PRINT("\t{\"%s\", \"%s\", \"%s\", %s%s_%s_refl_endpoints, %u, %u,\n"
		      "\t\t%s%s_%s_refl_nodes, %u},\n",
		      i->name, i->name, i->unit->name, root->c_name, c_path, i->name, below,
		      offset + i->unit->flat_count - below, root->c_name, c_path, i->name, nested);
		offset += i->unit->flat_count;
	}
	PRINT("\t{NK_NULL, NK_NULL, NK_NULL, NK_NULL, 0, 0, NK_NULL, 0},\n};%s\n", "");
}

void kx_gen_refl(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	unsigned int own = 0;
	unsigned int nested = 0;

	kx_gen_begin(gen, unit->name, "COMPONENT_REFL");
	print_node(gen, unit, unit, "", "", 0);
	for (const struct kx_nk_instance *i = unit->endpoints; i; i = i->next)
		own++;
	for (const struct kx_nk_instance *i = unit->components; i; i = i->next)
		nested++;
	PRINT("static const struct nk_refl_node %s __nk_may_unused = {\n"
	      "\t\"%s\", \"\", \"%s\", %s_refl_endpoints, %u, %u, %s_refl_nodes, %u};\n",
	      kx_gen_name(gen, unit, "_refl"), unit->name, unit->name, unit->c_name, own,
	      unit->flat_count - own, unit->c_name, nested);
	kx_gen_end(gen);
}
