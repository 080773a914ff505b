/* SPDX-License-Identifier: Apache-2.0 */

/* The VTABLE, CLIENT and SERVER chunks: calling an interface and serving it. */

#include <string.h>

#include "gen.h"

/* Shorthand for the two names every template below is made of. */
#define PRINT(format, ...) kx_gen_print(gen, format, __VA_ARGS__)

static void print_function_type(struct kx_gen *gen, const char *p, const char *m)
{
	PRINT("typedef nk_err_t %s_%s_fn(struct %s *, const struct %s_%s_req *,\n"
	      "\tconst struct nk_arena *, struct %s_%s_res *, struct nk_arena *);\n",
	      p, m, p, p, m, p, m);
}

void kx_gen_vtable(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	const char *p = unit->c_name;

	kx_gen_begin(gen, unit->name, "VTABLE");
	PRINT("typedef struct %s {\n\tconst struct %s_ops *ops;\n} %s;\n", p, p, p);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next) {
		kx_gen_name(gen, unit, "_%s_fn", m->name);
		print_function_type(gen, p, m->name);
	}
	PRINT("typedef struct %s_ops {\n", p);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		PRINT("\t%s_%s_fn *%s;\n", p, m->name, m->name);
	if (!unit->methods)
		PRINT("\t%s *none_;\n", "void");
	PRINT("} %s;\n", kx_gen_name(gen, unit, "_ops"));
	kx_gen_end(gen);
}

/* Without extended errors the client sees the one error parameter as the result. */
static bool has_legacy_status(const struct kx_gen *gen, const struct kx_nk_method *method)
{
	return !gen->options.extended_errors && method->msg[KX_NK_ERR].params > 0;
}

static void print_trace(struct kx_gen *gen, enum kx_gen_trace trace, const struct kx_nk_unit *unit,
			const struct kx_nk_method *m, const char *what, const char *msg,
			const char *arena)
{
	if (trace == KX_GEN_TRACE_NONE || !kx_gen_traces(&gen->options, m))
		return;
	PRINT("\tnk_trace_%s(\"%s\", \"%s.%s\", %s, %s);\n",
	      trace == KX_GEN_TRACE_DUMP ? "dump" : "headers", what, unit->name, m->name, msg,
	      arena);
}

static void print_proxy_body(struct kx_gen *gen, const struct kx_nk_unit *unit,
			     const struct kx_nk_method *method)
{
	const char *p = unit->c_name;
	const char *m = method->name;

	PRINT("{\n\tnk_err_t rc;\n\n\tnk_assert(self != NK_NULL);\n\tnk_assert(req != NK_NULL);\n"
	      "\tnk_assert(res != NK_NULL);\n"
	      "\tnk_req_reset(req);\n"
	      "\tnk_msg_set_method_id(req, self->iid, %s_%s_mid);\n"
	      "\tnk_msg_set_ncaps(req, %s_%s_req_handles);\n"
	      "\tnk_req_reset(res);\n"
	      "\tnk_msg_set_method_id(res, self->iid, %s_%s_mid);\n"
	      "\tnk_msg_set_ncaps(res, %s_%s_res_handles);\n",
	      p, m, p, m, p, m, p, m);
	print_trace(gen, gen->options.trace_client, unit, method, "call", "&req->base_",
		    "req_arena");
	PRINT("\trc = nk_transport_call(self->transport, &req->base_, req_arena,\n"
	      "\t\t%s, res_arena);\n",
	      "&res->base_");
	print_trace(gen, gen->options.trace_client, unit, method, "result", "&res->base_",
		    "res_arena");
	if (has_legacy_status(gen, method))
		PRINT("\tif (rc == NK_EOK && nk_msg_check_err(res))\n"
		      "\t\trc = NK_ELOGIC(res->err_.%s);\n",
		      "status");
	PRINT("\treturn %s;\n}\n", "rc");
}

static void print_proxy(struct kx_gen *gen, const struct kx_nk_unit *unit,
			const struct kx_nk_method *method)
{
	const char *p = unit->c_name;
	const char *m = method->name;

	kx_gen_name(gen, unit, "_%s_proxy", m);
	PRINT("static inline nk_err_t %s_%s_proxy(struct %s_proxy *self, struct %s_%s_req *req,\n"
	      "\tconst struct nk_arena *req_arena, struct %s_%s_res *res,\n"
	      "\tstruct nk_arena *res_arena)\n",
	      p, m, p, p, m, p, m);
	print_proxy_body(gen, unit, method);
	PRINT("static inline nk_err_t %s_%s_proxy_op_(struct %s *self, const struct %s_%s_req "
	      "*req,\n"
	      "\tconst struct nk_arena *req_arena, struct %s_%s_res *res,\n"
	      "\tstruct nk_arena *res_arena)\n{\n",
	      p, m, p, p, m, p, m);
	PRINT("\treturn %s_%s_proxy((struct %s_proxy *)self, (struct %s_%s_req *)req, req_arena,\n"
	      "\t\tres, res_arena);\n}\n",
	      p, m, p, p, m);
}

static void print_proxy_init(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	const char *p = unit->c_name;

	PRINT("static inline void %s(struct %s_proxy *self, struct nk_transport *transport,\n"
	      "\tnk_iid_t iid)\n{\n\tstatic const struct %s_ops ops = {\n",
	      kx_gen_name(gen, unit, "_proxy_init"), p, p);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		PRINT("\t\t&%s_%s_proxy_op_,\n", p, m->name);
	if (!unit->methods)
		PRINT("\t\t%s,\n", "NK_NULL");
	PRINT("\t};\n\n\tnk_assert(self != NK_NULL);\n\tself->base.ops = %s;\n"
	      "\tself->transport = transport;\n\tself->iid = iid;\n}\n",
	      "&ops");
}

/* What users call. */
static void print_call(struct kx_gen *gen, const struct kx_nk_unit *unit,
		       const struct kx_nk_method *method)
{
	const char *p = unit->c_name;
	const char *m = method->name;

	PRINT("static inline nk_err_t %s(struct %s *self, struct %s_%s_req *req,\n"
	      "\tconst struct nk_arena *req_arena, struct %s_%s_res *res,\n"
	      "\tstruct nk_arena *res_arena)\n{\n",
	      kx_gen_name(gen, unit, "_%s", m), p, p, m, p, m);
	PRINT("\tnk_assert(self != NK_NULL);\n"
	      "\tnk_assert(self->ops && \"%s_proxy_init comes before this\");\n"
	      "\tnk_assert(self->ops->%s != NK_NULL);\n"
	      "\treturn self->ops->%s(self, req, req_arena, res, res_arena);\n}\n",
	      p, m, m);
}

void kx_gen_client(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	const char *p = unit->c_name;

	kx_gen_begin(gen, unit->name, "CLIENT");
	PRINT("typedef struct %s_proxy {\n\tstruct %s base;\n\tstruct nk_transport *transport;\n"
	      "\tnk_iid_t iid;\n} %s;\n",
	      p, p, kx_gen_name(gen, unit, "_proxy"));
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		print_proxy(gen, unit, m);
	print_proxy_init(gen, unit);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		print_call(gen, unit, m);
	kx_gen_end(gen);
}

static void print_message_union(struct kx_gen *gen, const struct kx_nk_unit *unit, const char *kind)
{
	const char *p = unit->c_name;

	PRINT("typedef union %s_%s {\n\tstruct nk_message base_;\n", p, kind);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		PRINT("\tstruct %s_%s_%s %s;\n", p, m->name, kind, m->name);
	PRINT("} %s;\n", kx_gen_name(gen, unit, "_%s", kind));
}

/* Turns what the handler left into a finished header, as section "errors" of docs/nk.md says. */
static void print_finish(struct kx_gen *gen, const char *p, const struct kx_nk_method *method)
{
	const char *m = method->name;

	if (gen->options.extended_errors) {
		PRINT("\t\tif (rc == NK_EOK && nk_msg_check_err(res_)) {\n"
		      "\t\t\tnk_err_reset(&res_->err_);\n"
		      "\t\t\tnk_msg_set_ncaps(res_, %s_%s_err_handles);\n"
		      "\t\t} else if (rc == NK_EOK) {\n",
		      p, m);
	} else {
		PRINT("\t\tif (rc == %s) {\n", "NK_EOK");
	}
	PRINT("\t\t\tnk_req_reset(&res_->res_);\n"
	      "\t\t\tnk_msg_set_ncaps(res_, %s_%s_res_handles);\n",
	      p, m);
	if (has_legacy_status(gen, method))
		PRINT("\t\t} else if (NK_ELOGIC_CHECK(rc)) {\n"
		      "\t\t\tnk_err_reset(&res_->err_);\n"
		      "\t\t\tres_->err_.status = NK_ELOGIC_GET(rc);\n"
		      "\t\t\tnk_msg_set_ncaps(res_, %s_%s_err_handles);\n"
		      "\t\t\trc = NK_EOK;\n",
		      p, m);
	PRINT("\t\t}\n%s", "");
}

static void print_case(struct kx_gen *gen, const struct kx_nk_unit *unit,
		       const struct kx_nk_method *method)
{
	const char *p = unit->c_name;
	const char *m = method->name;

	PRINT("\tcase %s_%s_mid: {\n"
	      "\t\tstruct %s_%s_res *res_ = (struct %s_%s_res *)res;\n\n",
	      p, m, p, m, p, m);
	print_trace(gen, gen->options.trace_server, unit, method, "request", "req", "req_arena");
	if (gen->options.extended_errors)
		PRINT("\t\tif ((const void *)req != (const void *)res)\n"
		      "\t\t\tnk_memset(res_, 0, sizeof(%s));\n",
		      "*res_");
	PRINT("\t\tif (impl->ops->%s == NK_NULL)\n\t\t\tbreak;\n"
	      "\t\thandled = NK_TRUE;\n"
	      "\t\trc = impl->ops->%s(impl, (const struct %s_%s_req *)req, req_arena,\n"
	      "\t\t\tres_, res_arena);\n",
	      m, m, p, m);
	print_finish(gen, p, method);
	if (gen->options.trace_server)
		PRINT("\t\tnk_msg_set_method_id(%s, req_iid, req_mid);\n", "res_");
	print_trace(gen, gen->options.trace_server, unit, method, "response", "&res_->base_",
		    "res_arena");
	PRINT("\t\tbreak;\n\t}%s", "\n");
}

static void print_dispatch(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	PRINT("static inline nk_err_t %s(struct %s *impl, nk_iid_t iid,\n"
	      "\tconst struct nk_message *req, const struct nk_arena *req_arena,\n"
	      "\tstruct nk_message *res, struct nk_arena *res_arena)\n{\n"
	      "\tnk_err_t rc = NK_ENOENT;\n\tnk_bool_t handled = NK_FALSE;\n\tnk_iid_t "
	      "req_iid;\n\tnk_mid_t req_mid;\n\n"
	      "\tnk_assert(impl && \"the ..._entity_init before this gave no "
	      "%s\");\n\tnk_assert(req != NK_NULL);\n"
	      "\tnk_assert(res != NK_NULL);\n\tnk_unused(impl);\n\tnk_unused(req_arena);\n"
	      "\tnk_unused(res_arena);\n"
	      "\tif (req->iid != iid)\n\t\treturn NK_ENOENT;\n"
	      "\treq_iid = req->iid;\n\treq_mid = req->mid;\n\tswitch (req_mid) {\n",
	      kx_gen_name(gen, unit, "_interface_dispatch"), unit->c_name, unit->name);
	for (const struct kx_nk_method *m = unit->methods; m; m = m->next)
		print_case(gen, unit, m);
	PRINT("\tdefault:\n\t\tbreak;\n\t}\n"
	      "\tif (rc != NK_EOK)\n\t\t__nk_message_make_failed(res, handled, rc);\n"
	      "\tres->iid = req_iid;\n\tres->mid = req_mid;\n\treturn %s;\n}\n",
	      "rc");
}

void kx_gen_server(struct kx_gen *gen, const struct kx_nk_unit *unit)
{
	kx_gen_begin(gen, unit->name, "SERVER");
	print_message_union(gen, unit, "req");
	print_message_union(gen, unit, "res");
	print_dispatch(gen, unit);
	kx_gen_end(gen);
}
