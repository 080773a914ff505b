/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The security module as C text: objects, patterns, rules, slots, the entry. Meant to be read:
 * rules keep their text as a comment and #line leads back to the policy.
 */

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "psl_writer.h"

/* More rules than that share functions; with more functions still, nothing is optimised. */
#define MANY_RULES 2000u
#define TOGETHER   64u

void kx_psl_put(struct kx_psl_writer *w, const char *format, ...)
{
	va_list args;
	const char *text;

	va_start(args, format);
	text = kx_pool_vformat(w->psl->pool, format, args);
	va_end(args);
	(void)fputs(text, w->out);
	for (; (text = strchr(text, '\n')); text++)
		w->line++;
}

const char *kx_psl_quoted(struct kx_psl_writer *w, const char *text)
{
	return kx_psl_c_string(w->psl, text, strlen(text));
}

const char *kx_psl_table(struct kx_psl_writer *w, const char *type, const char *name,
			 const char *text)
{
	struct kx_psl_table **bucket =
		&w->tables[kx_psl_hash(KX_PSL_HASH, text) % KX_PSL_TYPE_BUCKETS];
	struct kx_psl_table *table = *bucket;

	while (table && (strcmp(table->text, text) != 0 || strcmp(table->name, name) != 0 ||
			 strcmp(table->type, type) != 0))
		table = table->next;
	if (!table) {
		table = kx_pool_new(w->psl->pool, struct kx_psl_table);
		*table = (struct kx_psl_table){*bucket, type, name, text, w->table_count++};
		*bucket = table;
		kx_psl_put(w, "static const %s %s_%u[] = %s;\n", type, name, table->number, text);
	}
	return kx_pool_format(w->psl->pool, "%s_%u", name, table->number);
}

void kx_psl_own_lines(struct kx_psl_writer *w)
{
	if (w->psl->output)
		kx_psl_put(w, "#line %u %s\n", w->line + 1, kx_psl_quoted(w, w->psl->output));
}

/* --- objects ------------------------------------------------------------------------ */

static void put_names(struct kx_psl_writer *w, const char *name, const char *what,
		      const struct kx_psl_names_list *list)
{
	kx_psl_put(w, "static const char *const %s_%s[] = {", what, name);
	for (uint32_t i = 0; i < list->count; i++)
		kx_psl_put(w, "%s, ", kx_psl_quoted(w, list->names[i]));
	kx_psl_put(w, "NULL};\n");
}

static void put_numbers(struct kx_psl_writer *w, const char *name, const char *what,
			const uint64_t *numbers, uint32_t count)
{
	kx_psl_put(w, "static const uint64_t %s_%s[] = {", what, name);
	for (uint32_t i = 0; i < count; i++)
		kx_psl_put(w, "UINT64_C(0x%" PRIx64 "), ", numbers[i]);
	kx_psl_put(w, "0};\n");
}

static void put_head(struct kx_psl_writer *w, const struct kx_psl_object *object, const char *type,
		     const char *functions)
{
	kx_psl_put(w,
		   "static struct kx_ksm_%s object_%s = {\n"
		   "\t.object = {.name = %s, .start = start_%s, .stop = stop_%s,\n"
		   "\t\t   .forget = forget_%s, .settle = settle_%s},\n",
		   type, object->name.text, kx_psl_quoted(w, object->name.text), functions,
		   functions, functions, functions);
}

/* The functions of a model are addresses in the library: no constants for initialisers. */
static void put_model_functions(struct kx_psl_writer *w, const char *model)
{
	kx_psl_put(
		w,
		"static bool start_%s(struct kx_ksm_object *o)\n{\n"
		"\treturn kx_ksm_%s_model.start(o);\n}\n"
		"static void stop_%s(struct kx_ksm_object *o)\n{\n\tkx_ksm_%s_model.stop(o);\n}\n"
		"static void forget_%s(struct kx_ksm_object *o, uint32_t sid)\n{\n"
		"\tkx_ksm_%s_model.forget(o, sid);\n}\n"
		"static void settle_%s(struct kx_ksm_object "
		"*o)\n{\n\tkx_ksm_%s_model.settle(o);\n}\n",
		model, model, model, model, model, model, model, model);
}

static const char *model_type(const struct kx_psl_model *model)
{
	switch (model ? model->kind : KX_PSL_BASE) {
	case KX_PSL_FLOW:
		return "flow";
	case KX_PSL_HASHSET:
		return "hash_set";
	case KX_PSL_STATICMAP:
		return "static_map";
	case KX_PSL_MIC:
		return "mic";
	default:
		return NULL;
	}
}

static void put_object(struct kx_psl_writer *w, const struct kx_psl_object *object)
{
	const struct kx_psl_model *model = object->model;
	const char *name = object->name.text;

	kx_psl_put(w, "\n/* policy object %s : %s */\n", name, object->model_name.text);
	if (model->kind == KX_PSL_FLOW) {
		put_names(w, name, "states", &model->names);
		put_numbers(w, name, "transitions", model->transitions, model->names.count);
		put_head(w, object, "flow", "flow");
		kx_psl_put(w,
			   "\t.states = states_%s, .state_count = %u, .initial = %u,\n"
			   "\t.transitions = transitions_%s,\n};\n",
			   name, model->names.count, model->initial, name);
	} else if (model->kind == KX_PSL_HASHSET) {
		put_head(w, object, "hash_set", "hash_set");
		kx_psl_put(w, "\t.words = %u, .set_size = %u, .pool_size = %u,\n};\n", model->words,
			   model->set_size, model->pool_size);
	} else if (model->kind == KX_PSL_STATICMAP) {
		put_names(w, name, "keys", &model->names);
		put_numbers(w, name, "defaults", model->values, model->names.count);
		put_head(w, object, "static_map", "static_map");
		kx_psl_put(
			w,
			"\t.keys = keys_%s, .defaults = defaults_%s, .key_count = %u, .pool_size = "
			"%u,\n"
			"};\n",
			name, name, model->names.count, model->pool_size);
	} else if (model->kind == KX_PSL_MIC) {
		put_names(w, name, "degrees", &model->names);
		put_names(w, name, "categories", &model->categories);
		put_head(w, object, "mic", "mic");
		kx_psl_put(w,
			   "\t.degrees = degrees_%s, .categories = categories_%s,\n"
			   "\t.degree_count = %u, .category_count = %u,\n};\n",
			   name, name, model->names.count, model->categories.count);
	}
}

static void put_objects(struct kx_psl_writer *w)
{
	static const char *const models[] = {"flow", "hash_set", "static_map", "mic"};
	uint32_t count = 0;

	for (size_t i = 0; i < 4; i++)
		for (const struct kx_psl_object *o = w->psl->objects; o; o = o->next)
			if (model_type(o->model) && strcmp(model_type(o->model), models[i]) == 0) {
				put_model_functions(w, models[i]);
				break;
			}
	for (const struct kx_psl_object *o = w->psl->objects; o; o = o->next)
		if (model_type(o->model))
			put_object(w, o);
	kx_psl_put(w, "\nstatic struct kx_ksm_object *const objects[] = {\n");
	for (const struct kx_psl_object *o = w->psl->objects; o; o = o->next)
		if (model_type(o->model)) {
			kx_psl_put(w, "\t&object_%s.object,\n", o->name.text);
			count++;
		}
	kx_psl_put(w, "\tNULL,\n};\n#define OBJECTS %u\n", count);
}

static void put_regexes(struct kx_psl_writer *w)
{
	struct kx_psl *psl = w->psl;

	for (uint32_t i = 0; i < psl->regex_count; i++)
		kx_psl_put(w, "static struct kx_ksm_regex regex_%u = {.pattern = %s};\n", i,
			   kx_psl_quoted(w, psl->regexes[i]));
	kx_psl_put(w, "\nstatic struct kx_ksm_regex *const regexes[] = {\n");
	for (uint32_t i = 0; i < psl->regex_count; i++)
		kx_psl_put(w, "\t&regex_%u,\n", i);
	kx_psl_put(w, "\tNULL,\n};\n");
}

/* --- all ---------------------------------------------------------------------------------- */

/* How the policy was read, so that another can be read the same way (kosix run --policy). */
static void put_origin(struct kx_psl_writer *w)
{
	char full[PATH_MAX];

	kx_psl_put(w, "\nconst char *const kx_policy_dirs[] = {\n");
	for (const struct kx_psl_dir *d = w->psl->dirs; d; d = d->next)
		if (realpath(d->path, full))
			kx_psl_put(w, "\t%s,\n", kx_psl_quoted(w, full));
	kx_psl_put(w, "\tNULL,\n};\nconst char *const kx_policy_defines[] = {\n");
	for (const struct kx_psl_define *d = w->psl->defines; d; d = d->next)
		kx_psl_put(
			w, "\t%s,\n",
			kx_psl_quoted(w, kx_pool_format(w->psl->pool, "%s=%s", d->name, d->value)));
	kx_psl_put(w, "\tNULL,\n};\nconst char *const kx_policy_classes[] = {\n");
	for (uint32_t i = 0; i < w->psl->class_count; i++)
		kx_psl_put(w, "\t\"%s\",\n", w->psl->classes[i].name);
	kx_psl_put(w, "\tNULL,\n};\nconst char kx_policy_name[] = %s;\n",
		   kx_psl_quoted(w, w->psl->files->source.name));
	kx_psl_put(w, "const bool kx_policy_preprocess = %s;\n",
		   w->psl->preprocess ? "true" : "false");
}

bool kx_psl_write_module(struct kx_psl *psl, FILE *out)
{
	struct kx_psl_writer writer = {.psl = psl, .out = out, .line = 1};
	struct kx_psl_writer *w = &writer;
	const char *path = psl->files->source.name;
	bool many = psl->together || psl->live_count > MANY_RULES;
	uint32_t bodies = many ? kx_psl_find_shapes(w) : psl->live_count;

	kx_psl_put(
		w,
		"/* Made by nk-psl-gen-c from %s. Changes are lost. */\n\n"
		"/*\n * One function per rule that must be evaluated, then tables: the rules, and "
		"which of\n * them apply to which event. kosix/ksm.h says what is called.\n "
		"*/\n\n"
		"#include <kosix/ksm.h>\n",
		kx_psl_for_comment(w, path));
	if (bodies > MANY_RULES)
		kx_psl_put(w, "\n/* So many rules are compiled quickly rather than tightly. */\n"
			      "#if defined(__clang__)\n#pragma clang optimize off\n#else\n"
			      "#pragma GCC optimize(\"O0\")\n#endif\n");
	put_objects(w);
	put_regexes(w);
	kx_psl_put_rules(w, psl->together ? psl->together : many ? TOGETHER : 1);
	kx_psl_put_slots(w);
	put_origin(w);
	kx_psl_put(w,
		   "\nstatic const struct kx_ksm_module module = {\n\t.name = %s,\n"
		   "\t.classes = classes,\n\t.class_count = %u,\n\t.trees = trees,\n\t.tree_count "
		   "= %u,\n"
		   "\t.objects = objects,\n\t.object_count = OBJECTS,\n\t.regexes = regexes,\n"
		   "\t.regex_count = %u,\n\t.journal = %u,\n\t.audit_level = %" PRIu64
		   ",\n\t.rules = rules,\n\t.rule_count = %u,\n\t.any_level = %s,\n"
		   "\t.operators = %s,\n};\n\n"
		   "const struct kx_security_module *kx_security_module(void)\n{\n"
		   "\treturn kx_ksm_interface(&module);\n}\n",
		   kx_psl_quoted(w, path), psl->class_count, psl->tree_count, psl->regex_count,
		   psl->journal, psl->audit_level, psl->live_count,
		   psl->sets_level ? "true" : "false",
		   psl->libraries & KX_PSL_LIB_BASIC ? "true" : "false");
	return !ferror(out);
}
