/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Of very many rules most differ from others only in their constants. Those share one
 * function, and the constants stand in tables: compilers take a millisecond per
 * function, and nearly half of that per rule.
 */

#include <stdio.h>
#include <string.h>

#include "psl_writer.h"

#define MOST_CONSTANTS 64u /* of a rule; more stay where they are */
#define BUCKETS        4096u

/* Constants taken out of C text, as C text. */
struct constants {
	const char *numbers[MOST_CONSTANTS], *texts[MOST_CONSTANTS];
	uint32_t number_count, text_count;
};

struct kx_psl_shape {
	struct kx_psl_shape *next;
	const char *body, *reads; /* without constants */
	const struct kx_psl_made *first;
	uint32_t count;
	uint32_t function;
	bool has_numbers, has_texts; /* the body has */
};

static bool begins(const char *c, const char *with)
{
	return strncmp(c, with, strlen(with)) == 0;
}

/* Behind the string literal at @c. */
static const char *behind_string(const char *c)
{
	for (c++; *c != '"'; c++)
		c += *c == '\\';
	return c + 1;
}

/* The constant of @length characters at @c becomes @format with its number, at *@out. */
static bool take(struct kx_psl_writer *w, const char **list, uint32_t *count, const char *c,
		 size_t length, const char *format, char **out)
{
	if (*count == MOST_CONSTANTS)
		return false;
	list[*count] = kx_pool_text(w->psl->pool, c, length);
	*out += sprintf(*out, format, (*count)++);
	return true;
}

/* Takes the constant at *@c, if there is one. */
static bool take_constant(struct kx_psl_writer *w, const char **c, struct constants *found,
			  char **out)
{
	static const struct {
		const char *before, *digits, *format;
		size_t kept, behind; /* of the characters before and behind the digits */
	} numbers[] = {
		{"UINT64_C(", "x0123456789abcdef", "n[%u]", 9, 1},
		{"INT64_C(", "-0123456789", "(int64_t)n[%u]", 8, 1},
		{"&regex_", "0123456789", "regexes[n[%u]]", 0, 0},
		{"&rules[", "0123456789", "&rules[n[%u]]", 0, 1},
	};
	const char *end;
	bool text = begins(*c, "KX_KSM_TEXT(");

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		size_t before = strlen(numbers[i].before);
		size_t digits =
			begins(*c, numbers[i].before) ? strspn(*c + before, numbers[i].digits) : 0;

		if (!digits)
			continue;
		if (!take(w, found->numbers, &found->number_count, *c + before - numbers[i].kept,
			  numbers[i].kept + digits + (numbers[i].kept != 0), numbers[i].format,
			  out))
			return false;
		*c += before + digits + numbers[i].behind;
		return true;
	}
	if (!text && **c != '"')
		return false;
	end = behind_string(text ? *c + 12 : *c);
	if (text)
		end += strcspn(end, ")") + 1;
	if (!take(w, found->texts, &found->text_count, *c, (size_t)(end - *c),
		  text ? "t[%u]" : "t[%u].data", out))
		return false;
	*c = end;
	return true;
}

/* @c with its constants moved to @found. */
static const char *without_constants(struct kx_psl_writer *w, const char *c,
				     struct constants *found)
{
	/* The shortest constant, "", may become t[63].data. */
	char *text = kx_pool_alloc(w->psl->pool, 6 * strlen(c) + 1);
	char *out = text;

	while (*c) {
		const char *end;

		if (take_constant(w, &c, found, &out))
			continue;
		/* A string that stays is not looked into. */
		end = *c == '"' ? behind_string(c) : c + 1;
		memcpy(out, c, (size_t)(end - c));
		out += end - c;
		c = end;
	}
	return text;
}

static struct kx_psl_shape *shape_of(struct kx_psl_writer *w, const struct kx_psl_made *made,
				     struct kx_psl_shape **buckets)
{
	struct constants found = {0};
	struct kx_psl_shape shape = {.first = made};
	struct kx_psl_shape **bucket;
	struct kx_psl_shape *old;

	shape.body = without_constants(w, made->body, &found);
	shape.has_numbers = found.number_count;
	shape.has_texts = found.text_count;
	shape.reads = without_constants(w, made->reads, &found);
	bucket = &buckets[kx_psl_hash(kx_psl_hash(KX_PSL_HASH, shape.body), shape.reads) % BUCKETS];
	for (old = *bucket; old; old = old->next)
		if (strcmp(old->body, shape.body) == 0 && strcmp(old->reads, shape.reads) == 0)
			return old;
	shape.next = *bucket;
	shape.function = w->function_count++;
	*bucket = kx_pool_new(w->psl->pool, struct kx_psl_shape);
	**bucket = shape;
	return *bucket;
}

uint32_t kx_psl_find_shapes(struct kx_psl_writer *w)
{
	struct kx_psl *psl = w->psl;
	struct kx_psl_shape **buckets =
		kx_pool_alloc(psl->pool, BUCKETS * sizeof(struct kx_psl_shape *));
	uint32_t bodies = 0;

	w->shapes = kx_pool_alloc(psl->pool, (psl->live_count + 1) * sizeof(*w->shapes));
	for (uint32_t i = 0; i < psl->live_count; i++)
		if (psl->made[i]->constant != 1) {
			w->shapes[i].shape = shape_of(w, psl->made[i], buckets);
			bodies += w->shapes[i].shape->count++ == 0;
		}
	for (uint32_t i = 0; i < psl->live_count; i++)
		if (w->shapes[i].shape && w->shapes[i].shape->count == 1)
			w->shapes[i].shape = NULL;
	return bodies;
}

/* --- writing ------------------------------------------------------------------------ */

static void put_constant(struct kx_psl_writer *w, const char *c)
{
	if (begins(c, "KX_KSM_TEXT("))
		kx_psl_put(w, " {%.*s},", (int)strlen(c) - 13, c + 12);
	else
		kx_psl_put(w, *c == '"' ? " {%s, 0}," : " %s,", c);
}

static void put_constants(struct kx_psl_writer *w, bool numbers)
{
	const struct kx_psl *psl = w->psl;
	uint32_t used = 0;

	kx_psl_put(w, "static const %s[] = {\n",
		   numbers ? "uint64_t numbers" : "struct kx_ksm_text texts");
	for (uint32_t i = 0; i < psl->live_count; i++) {
		struct constants found = {0};
		uint32_t count;

		if (!w->shapes[i].shape)
			continue;
		(void)without_constants(w, psl->made[i]->body, &found);
		(void)without_constants(w, psl->made[i]->reads, &found);
		count = numbers ? found.number_count : found.text_count;
		*(numbers ? &w->shapes[i].numbers : &w->shapes[i].texts) = used;
		used += count;
		for (uint32_t k = 0; k < count; k++)
			put_constant(w, numbers ? found.numbers[k] : found.texts[k]);
		if (count)
			kx_psl_put(w, "\n");
	}
	kx_psl_put(w, "\t%s,\n};\n", numbers ? "0" : "{NULL, 0}");
}

/* @body behind the declarations of the constants it uses. */
static const char *with_constants(struct kx_psl_writer *w, const char *body, bool numbers,
				  bool texts)
{
	return kx_pool_format(
		w->psl->pool, "%s%s%s", numbers ? "\tconst uint64_t *n = e->rule->numbers;\n" : "",
		texts ? "\tconst struct kx_ksm_text *t = e->rule->texts;\n" : "", body);
}

static void put_function(struct kx_psl_writer *w, const struct kx_psl_shape *shape)
{
	const char *body = with_constants(w, shape->body, shape->has_numbers, shape->has_texts);

	kx_psl_put(w, "/* %s\n * and %u more of this form */\n",
		   kx_psl_for_comment(w, kx_psl_rule_text(w, shape->first)), shape->count - 1);
	kx_psl_put_run(w, shape->function, body);
	kx_psl_put(w, "%s}\n", body);
	if (*shape->reads)
		kx_psl_put(w, "static void read_%u(struct kx_ksm_event *e)\n{\n%s}\n",
			   shape->function,
			   with_constants(w, shape->reads, strstr(shape->reads, "n[") != NULL,
					  strstr(shape->reads, "t[") != NULL));
}

void kx_psl_put_shapes(struct kx_psl_writer *w)
{
	const struct kx_psl *psl = w->psl;

	kx_psl_put(w,
		   "\n/* Rules that differ only in constants: n and t are those of the rule. */\n");
	for (uint32_t i = 0; i < psl->live_count; i++)
		if (w->shapes[i].shape && w->shapes[i].shape->first == psl->made[i])
			put_function(w, w->shapes[i].shape);
	kx_psl_put(w, "\n/* Their constants, rule by rule. */\n");
	put_constants(w, true);
	put_constants(w, false);
}

uint32_t kx_psl_shape_function(const struct kx_psl_shape *shape)
{
	return shape->function;
}
