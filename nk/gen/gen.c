/* SPDX-License-Identifier: Apache-2.0 */

/* Chunks, their short names, and the order of chunks in a header. */

#include "gen.h"

#include <stdarg.h>
#include <string.h>

#include "gen_cxx.h"

/* Purposes for kx_gen_first(). */
enum {
	SEEN_UNIT_TYPES,
	SEEN_IFACE_TYPES,
	SEEN_IFACE,
	SEEN_VTABLE,
	SEEN_SERVER,
	SEEN_ENDPOINTS,
	SEEN_COMPONENT,
	SEEN_CLIENT,
	SEEN_NAME,
};

void kx_gen_print(struct kx_gen *gen, const char *format, ...)
{
	char text[1024];
	va_list args;
	int len;

	va_start(args, format);
	len = kx_format_short(text, sizeof(text), format, args);
	if (len >= 0)
		(void)fwrite_unlocked(text, 1, (size_t)len, gen->out);
	else
		vfprintf(gen->out, format, args);
	va_end(args);
}

/* "__" "echo.IPing" "INTERFACE" -> __echo__IPing__INTERFACE__ */
void kx_gen_begin(struct kx_gen *gen, const char *name, const char *suffix)
{
	char guard[2 * 1024 + 64];
	size_t len = 0;

	for (const char *p = name; *p && len < sizeof(guard) - 2; p++) {
		if (*p == '.')
			guard[len++] = '_';
		guard[len++] = *p == '.' ? '_' : *p;
	}
	guard[len] = '\0';
	kx_pool_reset(&gen->chunk);
	gen->guard = kx_pool_format(&gen->chunk, "__%s__%s__", guard, suffix);
	gen->names = NULL;
	gen->names_end = &gen->names;
	kx_gen_print(gen, "#ifndef %s\n#define %s\n", gen->guard, gen->guard);
}

void kx_gen_end(struct kx_gen *gen)
{
	if (gen->names && !gen->options.cxx) {
		kx_gen_print(gen, "#ifdef NK_USE_UNQUALIFIED_NAMES\n");
		for (struct kx_gen_name *n = gen->names; n; n = n->next)
			kx_gen_print(gen, "#define %s%s %s\n", n->unit->short_name,
				     n->full + strlen(n->unit->c_name), n->full);
		kx_gen_print(gen, "#endif /* NK_USE_UNQUALIFIED_NAMES */\n");
	}
	kx_gen_print(gen, "#endif /* %s */\n\n", gen->guard);
}

const char *kx_gen_name(struct kx_gen *gen, const struct kx_nk_unit *unit, const char *format, ...)
{
	struct kx_gen_name *name;
	const char *suffix;
	const char *full;
	va_list args;

	va_start(args, format);
	suffix = kx_pool_vformat(&gen->chunk, format, args);
	va_end(args);
	full = kx_pool_format(&gen->chunk, "%s%s", unit->c_name, suffix);
	if (gen->options.cxx || strcmp(unit->c_name, unit->short_name) == 0)
		return full;
	name = kx_pool_new(&gen->chunk, struct kx_gen_name);
	name->unit = unit;
	name->full = full;
	*gen->names_end = name;
	gen->names_end = &name->next;
	return full;
}

/* The place of (@node, @what): where it is, or a free one. */
static struct kx_gen_seen *seen_place(const struct kx_gen *gen, const void *node, int what)
{
	uint64_t hash = ((uintptr_t)node + (unsigned int)what) * 0x9e3779b97f4a7c15u;
	size_t at = (size_t)(hash >> 32);

	for (;; at++) {
		struct kx_gen_seen *seen = &gen->seen[at & (gen->seen_room - 1)];

		if (!seen->node || (seen->node == node && seen->what == what))
			return seen;
	}
}

static void grow_seen(struct kx_gen *gen)
{
	struct kx_gen_seen *old = gen->seen;
	size_t room = gen->seen_room;

	gen->seen_room = room ? 2 * room : 64;
	gen->seen = kx_pool_alloc(kx_nk_pool(gen->nk), gen->seen_room * sizeof(*old));
	for (size_t i = 0; i < room; i++)
		if (old[i].node)
			*seen_place(gen, old[i].node, old[i].what) = old[i];
}

bool kx_gen_first(struct kx_gen *gen, const void *node, int what)
{
	struct kx_gen_seen *seen;

	if (2 * gen->seen_count >= gen->seen_room)
		grow_seen(gen);
	seen = seen_place(gen, node, what);
	if (seen->node)
		return false;
	*seen = (struct kx_gen_seen){node, what};
	gen->seen_count++;
	return true;
}

bool kx_gen_traces(const struct kx_gen_options *options, const struct kx_nk_method *method)
{
	return !options->trace_methods || kx_gen_listed(options->trace_methods, method->name);
}

bool kx_gen_listed(const char *at, const char *name)
{
	size_t len = strlen(name);

	for (; *at; at += strcspn(at, ",")) {
		at += strspn(at, ", ");
		if (strncmp(at, name, len) == 0 &&
		    (at[len] == '\0' || at[len] == ',' || at[len] == ' '))
			return true;
		if (!*at)
			break;
	}
	return false;
}

/* Types of @unit, imported ones first. */
static void all_types(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	if (!kx_gen_first(gen, unit, SEEN_UNIT_TYPES))
		return;
	for (const struct kx_nk_import *i = unit->imports; i; i = i->next)
		all_types(gen, i->unit);
	kx_gen_types(gen, unit);
}

/* Calls @make once per interface that @unit serves. */
static void for_interfaces(struct kx_gen *gen, const struct kx_nk_unit *unit, int what,
			   void (*make)(struct kx_gen *, const struct kx_nk_unit *))
{
	for (unsigned int n = 0; n < unit->flat_count; n++)
		if (kx_gen_first(gen, unit->flat[n].iface, what))
			make(gen, unit->flat[n].iface);
}

/* Calls @make once per component, innermost first, and then for @unit. */
static void for_components(struct kx_gen *gen, const struct kx_nk_unit *unit, int what,
			   void (*make)(struct kx_gen *, const struct kx_nk_unit *))
{
	if (!kx_gen_first(gen, unit, what))
		return;
	for (const struct kx_nk_instance *i = unit->components; i; i = i->next)
		for_components(gen, i->unit, what, make);
	make(gen, unit);
}

static void make_component(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	if (unit->flat_count > 0)
		kx_gen_component(gen, unit);
}

static void idl_chunks(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	unsigned int parts = gen->options.parts;

	if (unit->has_interface)
		kx_gen_iface_name(gen, unit);
	if (parts & KX_GEN_TYPES)
		all_types(gen, unit);
	if (!unit->has_interface)
		return;
	if (parts & KX_GEN_INTERFACE)
		kx_gen_interface(gen, unit);
	if (parts & (KX_GEN_CLIENT | KX_GEN_SERVER))
		kx_gen_vtable(gen, unit);
	if (parts & KX_GEN_CLIENT)
		kx_gen_client(gen, unit);
	if (parts & KX_GEN_SERVER)
		kx_gen_server(gen, unit);
	if (parts & KX_GEN_TESTS)
		kx_gen_tests(gen, unit);
}

static void component_chunks(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	unsigned int parts = gen->options.parts;

	for_interfaces(gen, unit, SEEN_NAME, kx_gen_iface_name);
	if (parts & KX_GEN_TYPES)
		for_interfaces(gen, unit, SEEN_IFACE_TYPES, all_types);
	if (parts & KX_GEN_INTERFACE)
		for_interfaces(gen, unit, SEEN_IFACE, kx_gen_interface);
	if (parts & KX_GEN_ENDPOINTS)
		for_components(gen, unit, SEEN_ENDPOINTS, kx_gen_endpoints);
	if ((parts & KX_GEN_ENDPOINTS) && unit->kind == KX_NK_EDL)
		kx_gen_task_endpoints(gen, unit);
	if (parts & KX_GEN_SERVER) {
		for_interfaces(gen, unit, SEEN_VTABLE, kx_gen_vtable);
		for_interfaces(gen, unit, SEEN_SERVER, kx_gen_server);
		for_components(gen, unit, SEEN_COMPONENT, make_component);
	}
	if ((parts & KX_GEN_SERVER) && unit->kind == KX_NK_EDL && unit->flat_count > 0)
		kx_gen_task(gen, unit);
	if (parts & KX_GEN_REFL)
		kx_gen_refl(gen, unit);
}

/* The structures are what the language needs, whatever warnings a program asks for. */
static void print_top(struct kx_gen *gen)
{
	kx_gen_print(gen, "#pragma GCC diagnostic push\n"
			  "#pragma GCC diagnostic ignored \"-Wpedantic\"\n"
			  "#pragma GCC diagnostic ignored \"-Wcast-align\"\n"
			  "#pragma GCC diagnostic ignored \"-Wcast-qual\"\n"
			  "#pragma GCC diagnostic ignored \"-Wpadded\"\n"
			  "#pragma GCC diagnostic ignored \"-Wpacked\"\n"
			  "#pragma GCC diagnostic ignored \"-Wshadow\"\n"
			  "#if defined(__GNUC__) && !defined(__clang__)\n"
			  "#pragma GCC diagnostic ignored \"-Wmaybe-uninitialized\"\n"
			  "#endif\n"
			  "#ifdef __cplusplus\n"
			  "#pragma GCC diagnostic ignored \"-Wold-style-cast\"\n"
			  "#endif\n"
			  "#include <nk/transport.h>\n"
			  "#include <nk/types.h>\n");
	if (gen->options.trace_client || gen->options.trace_server)
		kx_gen_print(gen, "#include <nk/trace.h>\n");
	kx_gen_print(gen, "\n");
}

/* The C chunks of a C++ header have no short names: those are macros, which C++ names would meet.
 */
static void cxx_chunks(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_print(gen, "#include <kosipc/detail/generated.h>\n\n");
	if (unit->kind == KX_NK_IDL) {
		kx_cxx_types(gen, unit);
		if (unit->has_interface)
			kx_cxx_interface(gen, unit);
		return;
	}
	for (unsigned int n = 0; n < unit->flat_count; n++) {
		kx_cxx_types(gen, unit->flat[n].iface);
		kx_cxx_interface(gen, unit->flat[n].iface);
	}
	kx_cxx_component(gen, unit);
}

/* A C++ header calls as well as serves, whatever file it is made of. */
static void cxx_c_chunks(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	for (unsigned int n = 0; n < unit->flat_count; n++)
		if (kx_gen_first(gen, unit->flat[n].iface, SEEN_CLIENT))
			kx_gen_client(gen, unit->flat[n].iface);
}

void kx_gen_header(struct kx_nk *nk, const struct kx_nk_unit *unit,
		   const struct kx_gen_options *options, FILE *out)
{
	struct kx_gen gen = {.nk = nk, .out = out, .options = *options};

	kx_pool_init(&gen.chunk);
	print_top(&gen);
	if (unit->kind == KX_NK_IDL)
		idl_chunks(&gen, unit);
	else
		component_chunks(&gen, unit);
	if (options->cxx && unit->kind != KX_NK_IDL)
		cxx_c_chunks(&gen, unit);
	if (options->cxx)
		cxx_chunks(&gen, unit);
	kx_gen_print(&gen, "#pragma GCC diagnostic pop\n");
	kx_pool_free(&gen.chunk);
}
