/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The TESTS chunk: for every message a function that fills it with random
 * values, used by tests of policies and by our own. *failure becomes NK_TRUE
 * when the arena has no room; the message is then unfinished.
 */

#include "gen.h"

#define PRINT(format, ...) kx_gen_print(gen, format, __VA_ARGS__)

static void fill(struct kx_gen *gen, const struct kx_nk_type *type, const char *lvalue, int depth);

static void fill_int(struct kx_gen *gen, const struct kx_nk_type *type, const char *lvalue)
{
	bool is_signed = kx_nk_base_signed(type->base);
	unsigned int bits = 8 * kx_nk_base_bytes(type->base);

	if (bits == 64)
		PRINT("\t%s = (nk_%sint64_t)(((nk_uint64_t)(nk_uint32_t)rand() << 32) |\n"
		      "\t\t(nk_uint32_t)rand());\n",
		      lvalue, is_signed ? "s" : "u");
	else
		PRINT("\t%s = (nk_%sint%u_t)rand();\n", lvalue, is_signed ? "s" : "u", bits);
}

/* Opens the block of a chunk of a random number of elements; close it with "}". */
static void open_chunk(struct kx_gen *gen, const char *c_type, const char *lvalue, uint64_t bound,
		       uint64_t width, int depth)
{
	PRINT("\t{\n\tnk_size_t n%d = (nk_size_t)(nk_uint32_t)rand() %% %lluU;\n"
	      "\t%s *p%d = nk_arena_alloc(%s, arena, &%s, (n%d + %uU) * %lluU);\n"
	      "\tnk_size_t i%d;\n\n"
	      "\tif (p%d == NK_NULL) {\n\t\t*failure = NK_TRUE;\n\t\treturn NK_ENOMEM;\n\t}\n"
	      "\tfor (i%d = 0; i%d < n%d * %lluU; i%d++) {\n",
	      depth, (unsigned long long)bound + 1, c_type, depth, c_type, lvalue, depth,
	      width == 0 ? 1U : 0U, (unsigned long long)(width ? width : 1), depth, depth, depth,
	      depth, depth, (unsigned long long)(width ? width : 1), depth);
}

static void fill_text(struct kx_gen *gen, const struct kx_nk_type *type, const char *lvalue,
		      int depth)
{
	bool is_string = type->kind == KX_NK_STRING;

	open_chunk(gen, is_string ? "nk_char_t" : "nk_uint8_t", lvalue, type->bound,
		   is_string ? 0 : 1, depth);
	if (is_string)
		PRINT("\tp%d[i%d] = (nk_char_t)('a' + (nk_uint32_t)rand() %% 26U);\n\t}\n\t}\n",
		      depth, depth);
	else
		PRINT("\tp%d[i%d] = (nk_uint8_t)rand();\n\t}\n\t}\n", depth, depth);
}

/* Arrays of arrays, and what a sequence has as elements, are filled as one flat row. */
static const struct kx_nk_type *flat_elem(const struct kx_nk_type *type, uint64_t *count)
{
	for (*count = 1; type->kind == KX_NK_ARRAY; type = kx_nk_strip(type->elem))
		*count *= type->bound;
	return type;
}

static const char *c_name(struct kx_gen *gen, const struct kx_nk_type *type)
{
	if (type->kind == KX_NK_INT)
		return kx_pool_format(kx_nk_pool(gen->nk), "nk_%sint%u_t",
				      kx_nk_base_signed(type->base) ? "s" : "u",
				      8 * kx_nk_base_bytes(type->base));
	if (type->kind == KX_NK_HANDLE)
		return "nk_handle_desc_t";
	if (type->kind == KX_NK_NAMED)
		return kx_pool_format(kx_nk_pool(gen->nk), "struct %s_%s", type->def->unit->c_name,
				      type->def->name);
	return "nk_ptr_t";
}

static void fill_sequence(struct kx_gen *gen, const struct kx_nk_type *type, const char *lvalue,
			  int depth)
{
	uint64_t width;
	const struct kx_nk_type *elem = flat_elem(kx_nk_strip(type->elem), &width);

	open_chunk(gen, c_name(gen, elem), lvalue, type->bound, width, depth);
	fill(gen, elem, kx_pool_format(kx_nk_pool(gen->nk), "p%d[i%d]", depth, depth), depth + 1);
	PRINT("\t}\n\t}%s\n", "");
}

static void fill_array(struct kx_gen *gen, const struct kx_nk_type *type, const char *lvalue,
		       int depth)
{
	PRINT("\t{\n\tnk_size_t i%d;\n\n\tfor (i%d = 0; i%d < %lluU; i%d++) {\n", depth, depth,
	      depth, (unsigned long long)type->bound, depth);
	fill(gen, type->elem, kx_pool_format(kx_nk_pool(gen->nk), "%s[i%d]", lvalue, depth),
	     depth + 1);
	PRINT("\t}\n\t}%s\n", "");
}

static void fill_record(struct kx_gen *gen, const struct kx_nk_def *def, const char *lvalue,
			int depth)
{
	struct kx_pool *pool = kx_nk_pool(gen->nk);
	bool is_union = def->kind == KX_NK_DEF_UNION;
	unsigned int count = 0;
	unsigned int tag = 0;

	for (const struct kx_nk_field *f = def->fields; f; f = f->next)
		count++;
	if (is_union)
		PRINT("\t%s.tag_ = (nk_uint32_t)rand() %% %uU;\n\tswitch (%s.tag_) {\n", lvalue,
		      count, lvalue);
	for (const struct kx_nk_field *f = def->fields; f; f = f->next) {
		if (is_union)
			PRINT("\tcase %u:\n", tag++);
		fill(gen, f->type,
		     kx_pool_format(pool, "%s.%s%s", lvalue, is_union ? "value_." : "", f->name),
		     depth);
		if (is_union)
			PRINT("\tbreak;%s\n", "");
	}
	if (is_union)
		PRINT("\tdefault:\n\tbreak;\n\t}%s\n", "");
}

static void fill(struct kx_gen *gen, const struct kx_nk_type *type, const char *lvalue, int depth)
{
	const struct kx_nk_def *record = kx_nk_record(type);

	type = kx_nk_strip(type);
	if (record)
		fill_record(gen, record, lvalue, depth);
	else if (type->kind == KX_NK_INT)
		fill_int(gen, type, lvalue);
	else if (type->kind == KX_NK_HANDLE)
		PRINT("\t%s = nk_handle_desc(0);\n", lvalue);
	else if (type->kind == KX_NK_ARRAY)
		fill_array(gen, type, lvalue, depth);
	else if (type->kind == KX_NK_SEQUENCE)
		fill_sequence(gen, type, lvalue, depth);
	else
		fill_text(gen, type, lvalue, depth);
}

static void print_maker(struct kx_gen *gen, const struct kx_nk_unit *unit,
			const struct kx_nk_method *method, int direction)
{
	static const char *const kinds[] = {"req", "res", "err"};

	PRINT("static inline nk_err_t %s(struct %s_%s_%s *msg,\n"
	      "\tstruct nk_arena *arena, int (*rand)(void), nk_bool_t *failure)\n{\n"
	      "\tnk_unused(msg);\n\tnk_unused(arena);\n\tnk_unused(rand);\n"
	      "\t*failure = NK_FALSE;\n",
	      kx_gen_name(gen, unit, "_%s_test_%s", method->name, kinds[direction]), unit->c_name,
	      method->name, kinds[direction]);
	for (const struct kx_nk_field *p = method->params; p; p = p->next)
		if ((int)p->direction == direction)
			fill(gen, p->type, kx_pool_format(kx_nk_pool(gen->nk), "msg->%s", p->name),
			     0);
	PRINT("\treturn %s;\n}\n", "NK_EOK");
}

void kx_gen_tests(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_begin(gen, unit->name, "TESTS");
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		for (int direction = KX_NK_IN; direction <= KX_NK_ERR; direction++)
			print_maker(gen, unit, m, direction);
	kx_gen_end(gen);
}
