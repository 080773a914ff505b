/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The C++ side of one interface: the abstract class that servers implement and
 * clients call, the proxy (a client's implementation of it over Call), and the
 * stub, which calls an implementation from the C dispatcher. Parameters are
 * named p_<name> there, so that no IDL name meets one of ours.
 */

#include "gen_cxx.h"

#include <stdlib.h>
#include <string.h>

#define PRINT(...) kx_gen_print(gen, __VA_ARGS__)

enum {
	SEEN_CXX_IFACE = 210,
};

static bool by_value(const struct kx_nk_type *type)
{
	const struct kx_nk_type *bare = kx_nk_strip(type);

	return bare->kind == KX_NK_INT || bare->kind == KX_NK_HANDLE;
}

/* "std::uint32_t ", "const T &" or "T &" */
static const char *passed_as(struct kx_gen *gen, const struct kx_nk_field *param)
{
	struct kx_pool *pool = kx_nk_pool(gen->nk);
	const char *type = kx_cxx_type(gen, param->type);
	bool descriptor = gen->handle_descs && kx_nk_strip(param->type)->kind == KX_NK_HANDLE;

	if (param->direction == KX_NK_OUT)
		return kx_pool_format(pool, "%s &", type);
	if (by_value(param->type) && !descriptor)
		return kx_pool_format(pool, "%s ", type);
	return kx_pool_format(pool, "const %s &", type);
}

static void print_params(struct kx_gen *gen, const struct kx_nk_method *method, const char *prefix)
{
	const char *comma = "";

	for (const struct kx_nk_field *p = method->params; p; p = p->next) {
		if (p->direction == KX_NK_ERR)
			continue;
		PRINT("%s%s%s%s", comma, passed_as(gen, p), prefix, p->name);
		comma = ", ";
	}
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The methods' names in order of the alphabet, unit->method_count of them. */
static const char **sorted_methods(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	const char **names = kx_pool_alloc(&gen->chunk, unit->method_count * sizeof(*names));
	size_t count = 0;

	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		names[count++] = m->name;
	qsort(names, count, sizeof(*names), compare_names);
	return names;
}

/* The names of a package are also names of its interface, unless a method takes them. */
static void print_aliases(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	const char **methods = sorted_methods(gen, unit);

	for (const struct kx_nk_def *d = unit->defs; d; d = d->next) {
		if (strcmp(d->name, unit->short_name) == 0 ||
		    bsearch(&d->name, methods, unit->method_count, sizeof(*methods), compare_names))
			continue;
		if (d->kind == KX_NK_DEF_CONST)
			PRINT("\tstatic constexpr auto %s = %s_types_::%s;\n", d->name,
			      unit->short_name, d->name);
		else
			PRINT("\tusing %s = %s_types_::%s;\n", d->name, unit->short_name, d->name);
	}
}

static void print_class(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_cxx_open(gen, "stdcpp", unit->name);
	PRINT("struct %s {\n", unit->short_name);
	print_aliases(gen, unit);
	PRINT("\t%s() = default;\n\t%s(const %s &) = default;\n"
	      "\t%s &operator=(const %s &) = default;\n\tvirtual ~%s() = default;\n",
	      unit->short_name, unit->short_name, unit->short_name, unit->short_name,
	      unit->short_name, unit->short_name);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next) {
		PRINT("\tvirtual void %s(", m->name);
		print_params(gen, m, "");
		PRINT(") = 0;\n");
	}
	PRINT("};\n");
	kx_cxx_close(gen);
}

/* The error parameter that carries a Retcode: the first number among them, or NULL. */
static const struct kx_nk_field *code_param(const struct kx_nk_method *method)
{
	for (const struct kx_nk_field *p = method->params; p; p = p->next)
		if (p->direction == KX_NK_ERR && kx_nk_strip(p->type)->kind == KX_NK_INT)
			return p;
	return NULL;
}

/* One statement per parameter of @direction. */
static void print_moves(struct kx_gen *gen, const struct kx_nk_method *method, int direction,
			const char *format)
{
	for (const struct kx_nk_field *p = method->params; p; p = p->next)
		if ((int)p->direction == direction)
			PRINT(format, kx_cxx_codec(gen, p->type), (unsigned long long)p->offset,
			      p->name);
}

static void print_error_check(struct kx_gen *gen, const struct kx_nk_method *method)
{
	const struct kx_nk_field *code = code_param(method);

	PRINT("\t\t\tif (nk_msg_check_err(&res))\n");
	if (code)
		PRINT("\t\t\t\tclient_.ThrowError(static_cast<::Retcode>(res.err_.%s));\n",
		      code->name);
	else
		PRINT("\t\t\t\tclient_.ThrowError(rcFail);\n");
}

static void print_proxy_method(struct kx_gen *gen, const struct kx_nk_unit *unit,
			       const struct kx_nk_method *m)
{
	const char *p = unit->c_name;

	PRINT("\t\tvoid %s(", m->name);
	print_params(gen, m, "p_");
	PRINT(") override\n\t\t{\n"
	      "\t\t\t::kosipc::detail::Buffer<%s_%s_req_arena_size> req_buffer;\n"
	      "\t\t\t::kosipc::detail::Buffer<%s_%s_res_arena_size> res_buffer;\n"
	      "\t\t\t::nk_arena req_arena = req_buffer.Arena();\n"
	      "\t\t\t::nk_arena res_arena = res_buffer.Arena();\n"
	      "\t\t\tstruct ::%s_%s_req req;\n\t\t\tstruct ::%s_%s_res res;\n"
	      "\t\t\t::std::memset(static_cast<void *>(&req), 0, sizeof(req));\n"
	      "\t\t\t::std::memset(static_cast<void *>(&res), 0, sizeof(res));\n",
	      p, m->name, p, m->name, p, m->name, p, m->name);
	print_moves(gen, m, KX_NK_IN,
		    "\t\t\tclient_.Packed(%s::Put(&req_arena, ::kosipc::detail::At(&req, %lluU), "
		    "p_%s));\n");
	PRINT("\t\t\tclient_.Called(::%s_%s(&proxy_.base, &req, &req_arena, &res, &res_arena));\n",
	      p, m->name);
	print_error_check(gen, m);
	print_moves(gen, m, KX_NK_OUT,
		    "\t\t\tclient_.Unpacked(%s::Get(&res_arena, ::kosipc::detail::At(&res, %lluU), "
		    "p_%s));\n");
	PRINT("\t\t}\n");
}

static void print_proxy(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	PRINT("\tclass Proxy final : public Interface {\n\tpublic:\n"
	      "\t\texplicit Proxy(Client &&client) : client_(::std::move(client))\n\t\t{\n"
	      "\t\t\t::%s_proxy_init(&proxy_, client_.Transport(), client_.Riid());\n\t\t}\n",
	      unit->c_name);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		print_proxy_method(gen, unit, m);
	PRINT("\tprivate:\n\t\tClient client_;\n\t\tstruct ::%s_proxy proxy_;\n\t};\n",
	      unit->c_name);
}

/* What the implementation threw becomes the error message of the method, or its failure. */
static void print_catch(struct kx_gen *gen, const struct kx_nk_method *method)
{
	const struct kx_nk_field *code = code_param(method);

	PRINT("\t\t} catch (...) {\n\t\t\tconst ::Retcode caught = Caught(stub->converter);\n");
	if (method->msg[KX_NK_ERR].params == 0) {
		PRINT("\t\t\treturn Refused(caught);\n\t\t}\n");
		return;
	}
	PRINT("\t\t\t::std::memset(static_cast<void *>(res), 0, sizeof(*res));\n"
	      "\t\t\tnk_err_reset(res);\n");
	if (code)
		PRINT("\t\t\tres->err_.%s = static_cast<%s>(caught);\n", code->name,
		      kx_cxx_type(gen, code->type));
	else
		PRINT("\t\t\tstatic_cast<void>(caught);\n");
	PRINT("\t\t\treturn NK_EOK;\n\t\t}\n");
}

static void print_stub_locals(struct kx_gen *gen, const struct kx_nk_method *m)
{
	for (const struct kx_nk_field *p = m->params; p; p = p->next)
		if (p->direction != KX_NK_ERR)
			PRINT("\t\t\t%s p_%s{};\n", kx_cxx_type(gen, p->type), p->name);
}

static void print_stub_call(struct kx_gen *gen, const struct kx_nk_method *m)
{
	const char *comma = "";

	PRINT("\t\t\tstub->impl->%s(", m->name);
	for (const struct kx_nk_field *p = m->params; p; p = p->next) {
		if (p->direction == KX_NK_ERR)
			continue;
		PRINT("%sp_%s", comma, p->name);
		comma = ", ";
	}
	PRINT(");\n");
}

static void print_stub_method(struct kx_gen *gen, const struct kx_nk_unit *unit,
			      const struct kx_nk_method *m)
{
	const char *p = unit->c_name;

	PRINT("\tstatic ::nk_err_t %s_call_(struct ::%s *self,\n"
	      "\t\t[[maybe_unused]] const struct ::%s_%s_req *req,\n"
	      "\t\t[[maybe_unused]] const struct ::nk_arena *req_arena,\n"
	      "\t\t[[maybe_unused]] struct ::%s_%s_res *res,\n"
	      "\t\t[[maybe_unused]] struct ::nk_arena *res_arena)\n\t{\n"
	      "\t\tStub *stub = reinterpret_cast<Stub *>(self);\n\t\ttry {\n",
	      m->name, p, p, m->name, p, m->name);
	print_stub_locals(gen, m);
	print_moves(gen, m, KX_NK_IN,
		    "\t\t\tif (!%s::Get(req_arena, ::kosipc::detail::At(req, %lluU), p_%s))\n"
		    "\t\t\t\treturn NK_EBADMSG;\n");
	print_stub_call(gen, m);
	print_moves(gen, m, KX_NK_OUT,
		    "\t\t\tif (!%s::Put(res_arena, ::kosipc::detail::At(res, %lluU), p_%s))\n"
		    "\t\t\t\treturn NK_ENOMEM;\n");
	PRINT("\t\t\treturn NK_EOK;\n");
	print_catch(gen, m);
	PRINT("\t}\n");
}

static void print_dispatch(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	PRINT("\tstatic ::nk_err_t Dispatch(Interface *impl, const Message &message)\n\t{\n"
	      "\t\tstatic const struct ::%s_ops ops = {\n",
	      unit->c_name);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		PRINT("\t\t\t&%s_call_,\n", m->name);
	PRINT("\t\t};\n\t\tStub stub = {{&ops}, impl, message.converter};\n"
	      "\t\tif (!impl)\n\t\t\treturn NK_ENOENT;\n"
	      "\t\treturn ::%s_interface_dispatch(&stub.base, message.req->iid, message.req,\n"
	      "\t\t\tmessage.req_arena, message.res, message.res_arena);\n\t}\n",
	      unit->c_name);
}

static void print_traits(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	const char *p = unit->c_name;

	PRINT("namespace kosipc::detail {\ntemplate <> struct InterfaceTraits<%s> {\n"
	      "\tusing Interface = %s;\n"
	      "\tstatic constexpr const char *name = \"%s\";\n"
	      "\tstatic constexpr Limits limits = {sizeof(union ::%s_req), sizeof(union "
	      "::%s_res),\n"
	      "\t\t%s_req_arena_size, %s_res_arena_size};\n",
	      kx_cxx_path(gen, "stdcpp", unit->name), kx_cxx_path(gen, "stdcpp", unit->name),
	      unit->name, p, p, p, p);
	print_proxy(gen, unit);
	PRINT("\tstruct Stub {\n\t\tstruct ::%s base;\n\t\tInterface *impl;\n"
	      "\t\tIRetcodeExceptionConverter *converter;\n\t};\n",
	      p);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		print_stub_method(gen, unit, m);
	print_dispatch(gen, unit);
	PRINT("};\n}\n");
}

void kx_cxx_interface(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	if (!kx_gen_first(gen, unit, SEEN_CXX_IFACE))
		return;
	kx_cxx_handles(gen, unit);
	kx_gen_begin(gen, unit->name, "CXX_INTERFACE");
	print_class(gen, unit);
	print_traits(gen, unit);
	kx_gen_end(gen);
}
