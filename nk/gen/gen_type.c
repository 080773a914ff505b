/* SPDX-License-Identifier: Apache-2.0 */

/* Constants, typedefs, structs and unions in C. */

#include <string.h>

#include "gen.h"

enum {
	SEEN_DEF = 50,
};

static const char *c_base(enum kx_nk_base base)
{
	static const char *const names[KX_NK_BASES] = {
		[KX_NK_UINT8] = "nk_uint8_t",       [KX_NK_UINT16] = "nk_uint16_t",
		[KX_NK_UINT32] = "nk_uint32_t",     [KX_NK_UINT64] = "nk_uint64_t",
		[KX_NK_SINT8] = "nk_sint8_t",       [KX_NK_SINT16] = "nk_sint16_t",
		[KX_NK_SINT32] = "nk_sint32_t",     [KX_NK_SINT64] = "nk_sint64_t",
		[KX_NK_UINTSIZE] = "nk_uintsize_t", [KX_NK_UINTPTR] = "nk_uintptr_t",
	};

	return names[base];
}

/* The type left of a declarator; array sizes stand right of it. */
static const char *c_left(struct kx_gen *gen, const struct kx_nk_type *type)
{
	switch (type->kind) {
	case KX_NK_INT:
		return c_base(type->base);
	case KX_NK_HANDLE:
		return "nk_handle_desc_t";
	case KX_NK_ARRAY:
		return c_left(gen, type->elem);
	case KX_NK_NAMED:
		return kx_pool_format(kx_nk_pool(gen->nk), "%s%s_%s",
				      type->def->kind == KX_NK_DEF_TYPEDEF ? "" : "struct ",
				      type->def->unit->c_name, type->def->name);
	default:
		return "nk_ptr_t";
	}
}

static void print_dimensions(struct kx_gen *gen, const struct kx_nk_type *type)
{
	for (; type->kind == KX_NK_ARRAY; type = type->elem)
		kx_gen_print(gen, "[%llu]", (unsigned long long)type->bound);
}

static void print_field(struct kx_gen *gen, const char *indent, const struct kx_nk_field *field)
{
	kx_gen_print(gen, "%s__nk_alignas(%u) %s %s", indent, field->type->layout.align,
		     c_left(gen, field->type), field->name);
	print_dimensions(gen, field->type);
	kx_gen_print(gen, ";\n");
}

/* @direction -1: all. */
void kx_gen_fields(struct kx_gen *gen, const char *indent, const struct kx_nk_field *first,
		   int direction)
{
	for (const struct kx_nk_field *f = first; f; f = f->next)
		if (direction < 0 || (int)f->direction == direction)
			print_field(gen, indent, f);
}

/* Compile-time proof that the compiler lays @type out as layout.c did. */
void kx_gen_offsets(struct kx_gen *gen, const char *type, const char *member,
		    const struct kx_nk_field *first, int direction, uint64_t size)
{
	for (const struct kx_nk_field *f = first; f; f = f->next)
		if (direction < 0 || (int)f->direction == direction)
			kx_gen_print(gen,
				     "nk_static_assert(nk_offsetof(struct %s, %s%s) == %lluU, "
				     "bad_%s_%s_offset);\n",
				     type, member, f->name, (unsigned long long)f->offset, type,
				     f->name);
	if (size)
		kx_gen_print(gen, "nk_static_assert(sizeof(struct %s) == %lluU, bad_%s_size);\n",
			     type, (unsigned long long)size, type);
}

static void begin_def(struct kx_gen *gen, const struct kx_nk_def *def, const char *suffix)
{
	kx_gen_begin(gen, kx_pool_format(kx_nk_pool(gen->nk), "%s.%s", def->unit->name, def->name),
		     suffix);
}

static void print_number(struct kx_gen *gen, const struct kx_nk_def *def)
{
	const struct kx_nk_type *type = kx_nk_strip(def->type);
	unsigned long long magnitude = def->value.magnitude;
	unsigned int bits = 8 * kx_nk_base_bytes(type->base);
	char sign = kx_nk_base_signed(type->base) ? 'S' : 'U';

	if (def->value.negative && magnitude == 1ULL << 63)
		kx_gen_print(gen, "(-NK_SINT64_C(9223372036854775807) - 1)");
	else
		kx_gen_print(gen, "NK_%cINT%u_C(%s%llu)", sign, bits,
			     def->value.negative ? "-" : "", magnitude);
}

static void print_const(struct kx_gen *gen, const struct kx_nk_def *def)
{
	begin_def(gen, def, "CONST");
	kx_gen_print(gen, "#define %s ((%s)(", kx_gen_name(gen, def->unit, "_%s", def->name),
		     c_left(gen, def->type));
	print_number(gen, def);
	kx_gen_print(gen, "))\n");
	kx_gen_end(gen);
}

static void print_typedef(struct kx_gen *gen, const struct kx_nk_def *def)
{
	begin_def(gen, def, "TYPEDEF");
	kx_gen_print(gen, "typedef %s %s", c_left(gen, def->type),
		     kx_gen_name(gen, def->unit, "_%s", def->name));
	print_dimensions(gen, def->type);
	kx_gen_print(gen, ";\n");
	kx_gen_end(gen);
}

static void print_struct(struct kx_gen *gen, const struct kx_nk_def *def)
{
	const char *name;

	begin_def(gen, def, "STRUCT");
	name = kx_gen_name(gen, def->unit, "_%s", def->name);
	kx_gen_print(gen, "typedef struct __nk_packed %s {\n", name);
	kx_gen_fields(gen, "\t", def->fields, -1);
	kx_gen_print(gen, "} %s;\n", name);
	kx_gen_offsets(gen, name, "", def->fields, -1, def->layout.size);
	kx_gen_end(gen);
}

static void print_union_tags(struct kx_gen *gen, const struct kx_nk_def *def)
{
	kx_gen_print(gen, "enum {\n");
	for (const struct kx_nk_field *f = def->fields; f; f = f->next)
		kx_gen_print(gen, "\t%s,\n",
			     kx_gen_name(gen, def->unit, "_%s_%s_tag", def->name, f->name));
	kx_gen_print(gen, "\t%s,\n};\n", kx_gen_name(gen, def->unit, "_%s_tag_max", def->name));
}

static void print_union(struct kx_gen *gen, const struct kx_nk_def *def)
{
	const char *name;

	begin_def(gen, def, "UNION");
	name = kx_gen_name(gen, def->unit, "_%s", def->name);
	print_union_tags(gen, def);
	kx_gen_print(gen, "union %s_value_ {\n", name);
	kx_gen_fields(gen, "\t", def->fields, -1);
	kx_gen_print(gen, "};\n");
	kx_gen_print(gen, "typedef struct __nk_packed %s {\n\t__nk_alignas(4) nk_uint32_t tag_;\n",
		     name);
	kx_gen_print(gen, "\t__nk_alignas(%u) union %s_value_ value_;\n} %s;\n",
		     def->union_offset > 4 ? 8U : 4U, name, name);
	kx_gen_print(gen,
		     "nk_static_assert(nk_offsetof(struct %s, value_) == %lluU, "
		     "bad_%s_value_offset);\n",
		     name, (unsigned long long)def->union_offset, name);
	kx_gen_offsets(gen, name, "", NULL, -1, def->layout.size);
	kx_gen_end(gen);
}

static void print_def(struct kx_gen *gen, const struct kx_nk_def *def);

/* What a definition is made of comes before it, also if the source has it later. */
static void print_needed(struct kx_gen *gen, const struct kx_nk_type *type)
{
	for (; type; type = type->elem)
		if (type->kind == KX_NK_NAMED)
			print_def(gen, type->def);
}

static void print_def(struct kx_gen *gen, const struct kx_nk_def *def)
{
	if (!kx_gen_first(gen, def, SEEN_DEF))
		return;
	print_needed(gen, def->type);
	for (const struct kx_nk_field *f = def->fields; f; f = f->next)
		print_needed(gen, f->type);
	switch (def->kind) {
	case KX_NK_DEF_CONST:
		print_const(gen, def);
		break;
	case KX_NK_DEF_TYPEDEF:
		print_typedef(gen, def);
		break;
	case KX_NK_DEF_STRUCT:
		print_struct(gen, def);
		break;
	case KX_NK_DEF_UNION:
		print_union(gen, def);
		break;
	}
}

void kx_gen_types(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	for (const struct kx_nk_def *d = unit->defs; d; d = d->next)
		print_def(gen, d);
}
