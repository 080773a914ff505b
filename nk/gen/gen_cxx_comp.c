/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Components in C++: a structure with a pointer for each endpoint and a member
 * for each nested component, and how requests reach them. That of a task is
 * kosipc::components::Root, whatever the task's name: a program has one.
 */

#include "gen_cxx.h"

#define PRINT(...) kx_gen_print(gen, __VA_ARGS__)

enum {
	SEEN_CXX_COMPONENT = 220,
};

static const char *component_path(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	return kx_cxx_path(gen, "components", unit->kind == KX_NK_EDL ? "Root" : unit->name);
}

static void print_members(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	unsigned int first = 0;

	for (const struct kx_nk_instance *i = unit->components; i; i = i->next) {
		PRINT("\t::kosipc::detail::Nested<%s, %uU> %s{};\n", component_path(gen, i->unit),
		      first, i->name);
		first += i->unit->flat_count;
	}
	for (const struct kx_nk_instance *i = unit->endpoints; i; i = i->next)
		PRINT("\t%s *%s = nullptr;\n", kx_cxx_path(gen, "stdcpp", i->unit->name), i->name);
}

static void print_structure(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	const char *name = unit->kind == KX_NK_EDL ? "Root" : unit->name;

	kx_cxx_open(gen, "components", name);
	PRINT("struct %s : ::kosipc::BaseComponent {\n",
	      unit->kind == KX_NK_EDL ? "Root" : unit->short_name);
	print_members(gen, unit);
	PRINT("};\n");
	kx_cxx_close(gen);
}

static void print_limits(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	PRINT("\tstatic constexpr Limits limits = Largest({");
	for (unsigned int n = 0; n < unit->flat_count; n++)
		PRINT("%s\n\t\tInterfaceTraits<%s>::limits", n ? "," : "",
		      kx_cxx_path(gen, "stdcpp", unit->flat[n].iface->name));
	PRINT("});\n");
}

/* Ends with an entry without names, so that there is never an empty array. */
static void print_endpoints(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	PRINT("\tstatic const Endpoint *Endpoints()\n\t{\n"
	      "\t\tstatic const Endpoint list[] = {\n");
	for (unsigned int n = 0; n < unit->flat_count; n++)
		PRINT("\t\t\t{\"%s\", \"%s\", \"%s\", %uU},\n", unit->flat[n].path,
		      unit->flat[n].qualified, unit->flat[n].iface->name, unit->flat[n].riid);
	PRINT("\t\t\t{nullptr, nullptr, nullptr, 0U}};\n\t\treturn list;\n\t}\n");
}

static void print_dispatch(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	unsigned int first = 0;

	PRINT("\tstatic ::nk_err_t Dispatch([[maybe_unused]] Component &component,\n"
	      "\t\t[[maybe_unused]] unsigned int id, [[maybe_unused]] const Message &message)\n"
	      "\t{\n");
	for (const struct kx_nk_instance *i = unit->components; i; i = i->next) {
		if (i->unit->flat_count > 0)
			PRINT("\t\tif (id < %uU)\n\t\t\treturn ComponentTraits<%s>::Dispatch(\n"
			      "\t\t\t\tcomponent.%s.Get(), id - %uU, message);\n",
			      first + i->unit->flat_count, component_path(gen, i->unit), i->name,
			      first);
		first += i->unit->flat_count;
	}
	for (const struct kx_nk_instance *i = unit->endpoints; i; i = i->next)
		PRINT("\t\tif (id == %uU)\n\t\t\treturn InterfaceTraits<%s>::Dispatch(\n"
		      "\t\t\t\tcomponent.%s, message);\n",
		      first++, kx_cxx_path(gen, "stdcpp", i->unit->name), i->name);
	PRINT("\t\treturn NK_ENOENT;\n\t}\n");
}

static void print_traits(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	const char *path = component_path(gen, unit);

	PRINT("namespace kosipc::detail {\ntemplate <> struct ComponentTraits<%s> {\n"
	      "\tusing Component = %s;\n\tstatic constexpr const char *name = \"%s\";\n",
	      path, path, unit->name);
	print_limits(gen, unit);
	print_endpoints(gen, unit);
	print_dispatch(gen, unit);
	PRINT("};\n}\n");
}

void kx_cxx_component(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	if (!kx_gen_first(gen, unit, SEEN_CXX_COMPONENT))
		return;
	for (const struct kx_nk_instance *i = unit->components; i; i = i->next)
		kx_cxx_component(gen, i->unit);
	kx_gen_begin(gen, unit->name, "CXX_COMPONENT");
	print_structure(gen, unit);
	print_traits(gen, unit);
	kx_gen_end(gen);
}
