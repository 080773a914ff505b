/* SPDX-License-Identifier: Apache-2.0 */

/* PAL cases as tables in C, for kosix/pal.h. */

#include <inttypes.h>
#include <string.h>

#include "psl_pal.h"

#define KERNEL_SID 1u
#define CLASS_SID  1000u /* and its index: a process no variable stands for */

struct writer {
	struct kx_psl *psl;
	FILE *out;
	uint32_t blobs;
};

static const char *quoted(struct writer *w, const char *text)
{
	return text ? kx_psl_c_string(w->psl, text, strlen(text)) : "NULL";
}

static void put_bytes(struct writer *w, const char *name, uint32_t number, const uint8_t *bytes,
		      uint64_t size)
{
	fprintf(w->out, "static const uint8_t %s_%u[] __attribute__((aligned(8))) = {", name,
		number);
	for (uint64_t i = 0; i < size; i++)
		fprintf(w->out, "%u,", bytes[i]);
	fputs("0};\n", w->out);
}

static void put_message(struct writer *w, const struct kx_psl_pal_case *one)
{
	const struct kx_psl_bytes *bytes = &one->bytes;

	w->blobs++;
	if (!bytes->fixed)
		return;
	put_bytes(w, "fixed", w->blobs, bytes->fixed, bytes->fixed_size);
	put_bytes(w, "arena", w->blobs, bytes->arena, bytes->arena_size);
	if (!bytes->handle_count)
		return;
	fprintf(w->out, "static const struct kx_pal_handle handles_%u[] = {", w->blobs);
	for (uint32_t i = 0; i < bytes->handle_count; i++)
		fprintf(w->out, "{%u, %d, %u},", bytes->handles[i].offset,
			bytes->handles[i].variable, bytes->handles[i].sid);
	fputs("};\n", w->out);
}

static uint32_t sid_of(const struct kx_psl *psl, int class_index)
{
	if (class_index < 0)
		return 0;
	return class_index == psl->core ? KERNEL_SID : CLASS_SID + (uint32_t)class_index;
}

static void put_side(struct writer *w, const char *side, int class_index, int variable,
		     uint32_t sid)
{
	fprintf(w->out, "\t .%s_variable = %d, .%s_sid = %u, .%s_class = %s,\n", side, variable,
		side, sid, side,
		class_index < 0 ? "\"\"" : quoted(w, w->psl->classes[class_index].name));
}

static void put_case(struct writer *w, const struct kx_psl_pal_case *one, uint32_t blob)
{
	static const char *const kinds[] = {"EXECUTE", "REQUEST", "RESPONSE", "ERROR", "SECURITY"};
	static const char *const expectations[] = {"GRANT", "DENY", "ANY"};
	const struct kx_psl_case *source = one->source;
	const struct kx_psl_method *method = one->method;
	bool started = source->kind == KX_PSL_EXECUTE && one->dst_class != w->psl->core;

	fprintf(w->out, "\t{.file = %s, .line = %u, .title = %s,\n",
		quoted(w, source->loc.source->name), source->loc.line, quoted(w, source->title));
	fprintf(w->out, "\t .text = %s,\n", quoted(w, kx_psl_source_text(w->psl, &source->loc)));
	fprintf(w->out, "\t .kind = KX_EVENT_%s, .expect = KX_PAL_%s, .binds = %d,\n",
		kinds[source->kind], expectations[source->expect], one->binds);
	put_side(w, "src", one->src_class, one->src_variable, sid_of(w->psl, one->src_class));
	put_side(w, "dst", one->dst_class, one->dst_variable,
		 started ? 0 : sid_of(w->psl, one->dst_class));
	if (method)
		fprintf(w->out,
			"\t .endpoint = %s, .interface_name = %s, .method = %s, .riid = %u, .mid = "
			"%u,\n",
			quoted(w, method->path), quoted(w, method->interface_name),
			quoted(w, method->name), method->riid, method->method->mid);
	else
		fputs("\t .endpoint = \"\", .interface_name = \"\", .method = \"main\",\n", w->out);
	if (one->bytes.fixed)
		fprintf(w->out,
			"\t .fixed = fixed_%u, .fixed_size = %" PRIu64
			", .arena = arena_%u, .arena_size = %" PRIu64 ",\n",
			blob, one->bytes.fixed_size, blob, one->bytes.arena_size);
	if (one->bytes.handle_count)
		fprintf(w->out, "\t .handles = handles_%u, .handle_count = %u,\n", blob,
			one->bytes.handle_count);
	fputs("\t},\n", w->out);
}

static void put_cases(struct writer *w, const char *name, const struct kx_psl_pal_block *block)
{
	uint32_t blob = w->blobs;

	for (const struct kx_psl_pal_case *one = block->cases; one; one = one->next)
		put_message(w, one);
	fprintf(w->out, "static const struct kx_pal_case %s[] = {\n", name);
	for (const struct kx_psl_pal_case *one = block->cases; one; one = one->next)
		put_case(w, one, ++blob);
	fputs("\t{0},\n};\n", w->out);
}

static void put_assert(struct writer *w, const struct kx_psl_pal_assert *a, uint32_t number)
{
	uint32_t s = 0;

	put_cases(w, kx_pool_format(w->psl->pool, "setup_%u", number), &a->setup);
	put_cases(w, kx_pool_format(w->psl->pool, "finally_%u", number), &a->finally);
	for (const struct kx_psl_pal_block *b = a->sequences; b; b = b->next)
		put_cases(w, kx_pool_format(w->psl->pool, "sequence_%u_%u", number, s++), b);
	fprintf(w->out, "static const struct kx_pal_block sequences_%u[] = {\n", number);
	s = 0;
	for (const struct kx_psl_pal_block *b = a->sequences; b; b = b->next)
		fprintf(w->out, "\t{%s, sequence_%u_%u, %u},\n", quoted(w, b->title), number, s++,
			b->count);
	fputs("};\n", w->out);
}

bool kx_psl_write_tests(struct kx_psl *psl, FILE *out)
{
	struct writer w = {.psl = psl, .out = out};
	uint32_t number = 0;

	fprintf(out,
		"/* Made by nk-psl-gen-c: the PAL assertions of a policy. Changes are lost. */\n"
		"#include <kosix/pal.h>\n#include <stddef.h>\n");
	for (const struct kx_psl_pal_assert *a = psl->pal; a; a = a->next)
		put_assert(&w, a, number++);
	fputs("static const struct kx_pal_assert asserts[] = {\n", out);
	number = 0;
	for (const struct kx_psl_pal_assert *a = psl->pal; a; a = a->next, number++)
		fprintf(out,
			"\t{.title = %s, .setup = {\"setup\", setup_%u, %u},\n"
			"\t .finally = {\"finally\", finally_%u, %u},\n"
			"\t .sequences = sequences_%u, .count = %u, .variables = %u},\n",
			quoted(&w, a->title), number, a->setup.count, number, a->finally.count,
			number, a->count, a->variables);
	fprintf(out, "\t{0},\n};\n\nint main(void)\n{\n\treturn kx_pal_main(asserts, %u);\n}\n",
		number);
	return !ferror(out);
}
