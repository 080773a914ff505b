/* SPDX-License-Identifier: Apache-2.0 */

/*
 * C++ types of IDL definitions. They live in an inline namespace of their own,
 * so that two packages side by side may both define a name.
 */

#include "gen_cxx.h"

#include <string.h>

#define PRINT(...) kx_gen_print(gen, __VA_ARGS__)

enum {
	SEEN_CXX_TYPES = 200,
	SEEN_CXX_DEF,
};

/* @text with every '.' as "::". */
static const char *scopes(struct kx_gen *gen, const char *text, size_t len)
{
	char *out = kx_pool_alloc(kx_nk_pool(gen->nk), 2 * len + 1);
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '.')
			out[at++] = ':';
		out[at++] = text[i] == '.' ? ':' : text[i];
	}
	out[at] = '\0';
	return out;
}

const char *kx_cxx_path(struct kx_gen *gen, const char *root, const char *name)
{
	return kx_pool_format(kx_nk_pool(gen->nk), "::kosipc::%s::%s", root,
			      scopes(gen, name, strlen(name)));
}

void kx_cxx_open(struct kx_gen *gen, const char *root, const char *name)
{
	const char *dot = strrchr(name, '.');

	PRINT("namespace kosipc::%s%s%s {\n", root, dot ? "::" : "",
	      scopes(gen, name, dot ? (size_t)(dot - name) : 0));
}

void kx_cxx_close(struct kx_gen *gen)
{
	PRINT("}\n");
}

void kx_cxx_handles(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	const char *only = gen->options.cxx_handles_of;

	gen->handle_descs = gen->options.cxx_handles || (only && kx_gen_listed(only, unit->name));
}

static const char *cxx_base(enum kx_nk_base base)
{
	static const char *const names[KX_NK_BASES] = {
		[KX_NK_UINT8] = "::std::uint8_t",   [KX_NK_UINT16] = "::std::uint16_t",
		[KX_NK_UINT32] = "::std::uint32_t", [KX_NK_UINT64] = "::std::uint64_t",
		[KX_NK_SINT8] = "::std::int8_t",    [KX_NK_SINT16] = "::std::int16_t",
		[KX_NK_SINT32] = "::std::int32_t",  [KX_NK_SINT64] = "::std::int64_t",
		[KX_NK_UINTSIZE] = "::std::size_t", [KX_NK_UINTPTR] = "::std::uintptr_t",
	};

	return names[base];
}

static const char *def_path(struct kx_gen *gen, const struct kx_nk_def *def, const char *suffix)
{
	return kx_pool_format(kx_nk_pool(gen->nk), "%s_types_::%s%s",
			      kx_cxx_path(gen, "stdcpp", def->unit->name), def->name, suffix);
}

const char *kx_cxx_type(struct kx_gen *gen, const struct kx_nk_type *type)
{
	struct kx_pool *pool = kx_nk_pool(gen->nk);

	switch (type->kind) {
	case KX_NK_INT:
		return cxx_base(type->base);
	case KX_NK_HANDLE:
		return gen->handle_descs ? "::nk_handle_desc_t" : "::Handle";
	case KX_NK_STRING:
		return "::std::string";
	case KX_NK_BYTES:
		return "::std::vector<::std::byte>";
	case KX_NK_SEQUENCE:
		return kx_pool_format(pool, "::std::vector<%s>", kx_cxx_type(gen, type->elem));
	case KX_NK_ARRAY:
		return kx_pool_format(pool, "::std::array<%s, %lluU>", kx_cxx_type(gen, type->elem),
				      (unsigned long long)type->bound);
	case KX_NK_NAMED:
		return def_path(gen, type->def, "");
	}
	return "";
}

const char *kx_cxx_codec(struct kx_gen *gen, const struct kx_nk_type *type)
{
	struct kx_pool *pool = kx_nk_pool(gen->nk);
	unsigned long long bound = type->bound;

	switch (type->kind) {
	case KX_NK_INT:
		return kx_pool_format(pool, "::kosipc::detail::Scalar<%s>", cxx_base(type->base));
	case KX_NK_HANDLE:
		return gen->handle_descs ? "::kosipc::detail::Scalar<::nk_handle_desc_t>"
					 : "::kosipc::detail::HandleValue";
	case KX_NK_STRING:
		return kx_pool_format(pool, "::kosipc::detail::String<%lluU>", bound);
	case KX_NK_BYTES:
		return kx_pool_format(pool, "::kosipc::detail::Bytes<%lluU>", bound);
	case KX_NK_SEQUENCE:
		return kx_pool_format(pool, "::kosipc::detail::Sequence<%s, %lluU>",
				      kx_cxx_codec(gen, type->elem), bound);
	case KX_NK_ARRAY:
		return kx_pool_format(pool, "::kosipc::detail::Array<%s, %lluU>",
				      kx_cxx_codec(gen, type->elem), bound);
	case KX_NK_NAMED:
		return def_path(gen, type->def, "_codec_");
	}
	return "";
}

static void print_const(struct kx_gen *gen, const struct kx_nk_def *def)
{
	/* The C macro has the value; its cast makes the constant's type. */
	PRINT("inline constexpr %s %s = static_cast<%s>(%s_%s);\n", kx_cxx_type(gen, def->type),
	      def->name, kx_cxx_type(gen, def->type), def->unit->c_name, def->name);
}

static void print_typedef(struct kx_gen *gen, const struct kx_nk_def *def)
{
	PRINT("using %s = %s;\nusing %s_codec_ = %s;\n", def->name, kx_cxx_type(gen, def->type),
	      def->name, kx_cxx_codec(gen, def->type));
}

static void print_codec_head(struct kx_gen *gen, const struct kx_nk_def *def)
{
	PRINT("struct %s_codec_ {\n"
	      "\tusing Value = %s;\n"
	      "\tstatic constexpr ::std::size_t size = %lluU;\n"
	      "\tstatic constexpr ::std::size_t align = %uU;\n",
	      def->name, def->name, (unsigned long long)def->layout.size, def->layout.align);
}

static void print_struct_half(struct kx_gen *gen, const struct kx_nk_def *def, const char *verb)
{
	for (const struct kx_nk_field *f = def->fields; f; f = f->next)
		PRINT("%s%s::%s(arena, ::kosipc::detail::At(at, %lluU), value.%s)",
		      f == def->fields ? "\t\treturn " : " &&\n\t\t\t", kx_cxx_codec(gen, f->type),
		      verb, (unsigned long long)f->offset, f->name);
	PRINT("%s;\n\t}\n", def->fields ? "" : "\t\treturn true");
}

static void print_struct(struct kx_gen *gen, const struct kx_nk_def *def)
{
	PRINT("struct %s {\n", def->name);
	for (const struct kx_nk_field *f = def->fields; f; f = f->next)
		PRINT("\t%s %s{};\n", kx_cxx_type(gen, f->type), f->name);
	PRINT("};\n");
	print_codec_head(gen, def);
	PRINT("\tstatic bool Put([[maybe_unused]] ::nk_arena *arena, [[maybe_unused]] void *at,\n"
	      "\t\t[[maybe_unused]] const Value &value)\n\t{\n");
	print_struct_half(gen, def, "Put");
	PRINT("\tstatic bool Get([[maybe_unused]] const ::nk_arena *arena,\n"
	      "\t\t[[maybe_unused]] const void *at, [[maybe_unused]] Value &value)\n\t{\n");
	print_struct_half(gen, def, "Get");
	PRINT("};\n");
}

static void print_union(struct kx_gen *gen, const struct kx_nk_def *def)
{
	PRINT("using %s = ::std::variant<", def->name);
	for (const struct kx_nk_field *f = def->fields; f; f = f->next)
		PRINT("%s%s", f == def->fields ? "" : ", ", kx_cxx_type(gen, f->type));
	PRINT(">;\nusing %s_codec_ = ::kosipc::detail::Union<%s, %lluU, %uU, %lluU", def->name,
	      def->name, (unsigned long long)def->layout.size, def->layout.align,
	      (unsigned long long)def->union_offset);
	for (const struct kx_nk_field *f = def->fields; f; f = f->next)
		PRINT(",\n\t%s", kx_cxx_codec(gen, f->type));
	PRINT(">;\n");
}

static void print_def(struct kx_gen *gen, const struct kx_nk_def *def);

static void print_needed(struct kx_gen *gen, const struct kx_nk_type *type)
{
	for (; type; type = type->elem)
		if (type->kind == KX_NK_NAMED)
			print_def(gen, type->def);
}

static void print_def(struct kx_gen *gen, const struct kx_nk_def *def)
{
	struct kx_pool *pool = kx_nk_pool(gen->nk);

	if (!kx_gen_first(gen, def, SEEN_CXX_DEF))
		return;
	print_needed(gen, def->type);
	for (const struct kx_nk_field *f = def->fields; f; f = f->next)
		print_needed(gen, f->type);
	kx_gen_begin(gen, kx_pool_format(pool, "%s.%s", def->unit->name, def->name), "CXX");
	kx_cxx_open(gen, "stdcpp", def->unit->name);
	kx_cxx_handles(gen, def->unit);
	PRINT("inline namespace %s_types_ {\n", def->unit->short_name);
	if (def->kind == KX_NK_DEF_CONST)
		print_const(gen, def);
	else if (def->kind == KX_NK_DEF_TYPEDEF)
		print_typedef(gen, def);
	else if (def->kind == KX_NK_DEF_STRUCT)
		print_struct(gen, def);
	else
		print_union(gen, def);
	PRINT("}\n");
	kx_cxx_close(gen);
	kx_gen_end(gen);
}

/* What a package without an interface defines may be asked for by its name, too. */
static void print_package(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	if (unit->has_interface || !unit->defs)
		return;
	for (const struct kx_nk_def *d = unit->defs; d; d = d->next)
		if (strcmp(d->name, unit->short_name) == 0)
			return;
	kx_gen_begin(gen, unit->name, "CXX_PACKAGE");
	kx_cxx_open(gen, "stdcpp", unit->name);
	PRINT("namespace %s = %s_types_;\n", unit->short_name, unit->short_name);
	kx_cxx_close(gen);
	kx_gen_end(gen);
}

void kx_cxx_types(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	if (!kx_gen_first(gen, unit, SEEN_CXX_TYPES))
		return;
	for (const struct kx_nk_import *i = unit->imports; i; i = i->next)
		kx_cxx_types(gen, i->unit);
	for (const struct kx_nk_def *d = unit->defs; d; d = d->next)
		print_def(gen, d);
	print_package(gen, unit);
}
