/* SPDX-License-Identifier: Apache-2.0 */

/* The INTERFACE chunk: method ids, sizes, and the structures of messages. */

#include "gen.h"

static const char *const kinds[] = {"req", "res", "err"};

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* A response arena must also hold what an error message brings. */
static uint64_t response_arena(const struct kx_nk_method *method)
{
	return larger(method->msg[KX_NK_OUT].arena, method->msg[KX_NK_ERR].arena);
}

static void print_value(struct kx_gen *gen, const char *name, uint64_t value)
{
	kx_gen_print(gen, "\t%s = %llu,\n", name, (unsigned long long)value);
}

static void print_mids(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_print(gen, "enum {\n");
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		kx_gen_print(gen, "\t%s,\n", kx_gen_name(gen, unit, "_%s_mid", m->name));
	kx_gen_print(gen, "\t%s,\n};\n", kx_gen_name(gen, unit, "_mid_max"));
}

/* The largest size of everything variable in @type, under names that begin with @path. */
static void print_sizes(struct kx_gen *gen, const struct kx_nk_unit *unit, const char *path,
			const struct kx_nk_type *type)
{
	struct kx_pool *pool = kx_nk_pool(gen->nk);
	const struct kx_nk_def *record = kx_nk_record(type);

	type = kx_nk_strip(type);
	if (type->layout.rows == 0)
		return;
	if (record) {
		for (const struct kx_nk_field *f = record->fields; f; f = f->next)
			print_sizes(gen, unit, kx_pool_format(pool, "%s_%s", path, f->name),
				    f->type);
		return;
	}
	print_value(gen, kx_gen_name(gen, unit, "%s_size", path),
		    type->bound + (type->kind == KX_NK_STRING ? 1 : 0));
	if (type->elem)
		print_sizes(gen, unit, kx_pool_format(pool, "%s_elem", path), type->elem);
}

static void print_param_sizes(struct kx_gen *gen, const struct kx_nk_unit *unit,
			      const struct kx_nk_method *method)
{
	for (int direction = KX_NK_IN; direction <= KX_NK_ERR; direction++)
		for (const struct kx_nk_field *p = method->params; p; p = p->next)
			if ((int)p->direction == direction)
				print_sizes(gen, unit,
					    kx_pool_format(kx_nk_pool(gen->nk), "_%s_%s_%s",
							   method->name, kinds[direction], p->name),
					    p->type);
}

static void print_method_limits(struct kx_gen *gen, const struct kx_nk_unit *unit,
				const struct kx_nk_method *m)
{
	print_value(gen, kx_gen_name(gen, unit, "_%s_req_arena_size", m->name),
		    m->msg[KX_NK_IN].arena);
	print_value(gen, kx_gen_name(gen, unit, "_%s_res_arena_size", m->name), response_arena(m));
	for (int direction = KX_NK_IN; direction <= KX_NK_ERR; direction++)
		print_value(gen,
			    kx_gen_name(gen, unit, "_%s_%s_handles", m->name, kinds[direction]),
			    m->msg[direction].handles);
}

static void print_limits(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	uint64_t handles[3] = {0};
	uint64_t req = 0;
	uint64_t res = 0;

	for (const struct kx_nk_method *m = unit->methods; m; m = m->next) {
		req = larger(req, m->msg[KX_NK_IN].arena);
		res = larger(res, response_arena(m));
		for (int d = KX_NK_IN; d <= KX_NK_ERR; d++)
			handles[d] = larger(handles[d], m->msg[d].handles);
	}
	print_value(gen, kx_gen_name(gen, unit, "_req_arena_size"), req);
	print_value(gen, kx_gen_name(gen, unit, "_res_arena_size"), res);
	print_value(gen, kx_gen_name(gen, unit, "_arena_size"), larger(req, res));
	for (int d = KX_NK_IN; d <= KX_NK_ERR; d++)
		print_value(gen, kx_gen_name(gen, unit, "_%s_handles", kinds[d]), handles[d]);
}

static void print_constants(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_print(gen, "enum {\n");
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		print_param_sizes(gen, unit, m);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		print_method_limits(gen, unit, m);
	print_limits(gen, unit);
	kx_gen_print(gen, "};\n");
}

static void print_request(struct kx_gen *gen, const struct kx_nk_unit *unit,
			  const struct kx_nk_method *method)
{
	const char *name = kx_gen_name(gen, unit, "_%s_req", method->name);

	kx_gen_print(gen,
		     "typedef struct __nk_packed %s {\n"
		     "\t__nk_alignas(8) struct nk_message base_;\n",
		     name);
	kx_gen_fields(gen, "\t", method->params, KX_NK_IN);
	kx_gen_print(gen, "} %s;\n", name);
	kx_gen_offsets(gen, name, "", method->params, KX_NK_IN, method->msg[KX_NK_IN].size);
}

static void print_error(struct kx_gen *gen, const struct kx_nk_unit *unit,
			const struct kx_nk_method *method)
{
	const char *name = kx_gen_name(gen, unit, "_%s_err", method->name);

	kx_gen_print(gen, "typedef struct %s {\n\t__nk_alignas(8) struct nk_message base_;\n",
		     name);
	kx_gen_fields(gen, "\t", method->params, KX_NK_ERR);
	kx_gen_print(gen, "} %s;\n", name);
	kx_gen_offsets(gen, name, "", method->params, KX_NK_ERR, method->msg[KX_NK_ERR].size);
}

/* The same fields twice: reachable directly, and as res_ with the size of the response alone. */
static void print_response(struct kx_gen *gen, const struct kx_nk_unit *unit,
			   const struct kx_nk_method *method)
{
	const char *name = kx_gen_name(gen, unit, "_%s_res", method->name);
	static const char *const ends[] = {"", " res_"};

	kx_gen_print(gen, "typedef struct %s {\n\tunion {\n", name);
	for (int i = 0; i < 2; i++) {
		kx_gen_print(gen, "\t\tstruct {\n\t\t\t__nk_alignas(8) struct nk_message base_;\n");
		kx_gen_fields(gen, "\t\t\t", method->params, KX_NK_OUT);
		kx_gen_print(gen, "\t\t}%s;\n", ends[i]);
	}
	kx_gen_print(gen, "\t\tstruct %s_%s_err err_;\n\t};\n} %s;\n", unit->c_name, method->name,
		     name);
	kx_gen_offsets(gen, name, "", method->params, KX_NK_OUT,
		       larger(method->msg[KX_NK_OUT].size, method->msg[KX_NK_ERR].size));
}

/*
 * The interface's own short name, before everything: it is a macro, and a method, parameter or
 * endpoint of that name is renamed by it where it is declared as well as where it is used.
 */
void kx_gen_iface_name(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_begin(gen, unit->name, "NAME");
	kx_gen_name(gen, unit, "%s", "");
	kx_gen_end(gen);
}

void kx_gen_interface(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_begin(gen, unit->name, "INTERFACE");
	print_mids(gen, unit);
	print_constants(gen, unit);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next) {
		print_request(gen, unit, m);
		kx_gen_print(gen, "#pragma pack(push, 8)\n");
		print_error(gen, unit, m);
		print_response(gen, unit, m);
		kx_gen_print(gen, "#pragma pack(pop)\n");
	}
	kx_gen_end(gen);
}
