/* SPDX-License-Identifier: Apache-2.0 */

/* Places and single values of a YAML document. Read einit_yaml.h first. */

#include "einit_yaml.h"

#include <string.h>

#define STEP 64u

static size_t next_character(const struct kx_source *source, size_t at)
{
	at++;
	while (at < source->len && ((unsigned char)source->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* libyaml counts characters, messages count bytes: where every STEPth character is. */
void kx_einit_yaml_index(struct kx_einit_reader *r)
{
	const struct kx_source *source = &r->einit->source;
	size_t at = 0;
	size_t n;

	r->index = kx_pool_alloc(r->einit->pool, (source->len / STEP + 1) * sizeof(*r->index));
	for (n = 0; at < source->len; n++) {
		if (n % STEP == 0)
			r->index[n / STEP] = at;
		at = next_character(source, at);
	}
	r->characters = n;
}

static size_t byte_offset(const struct kx_einit_reader *r, size_t character)
{
	size_t at;
	size_t n;

	if (character >= r->characters)
		return r->einit->source.len;
	at = r->index[character / STEP];
	for (n = character % STEP; n > 0; n--)
		at = next_character(&r->einit->source, at);
	return at;
}

static uint32_t byte_column(const struct kx_einit_reader *r, yaml_mark_t mark)
{
	size_t start = mark.index > mark.column ? mark.index - mark.column : 0;

	return (uint32_t)(byte_offset(r, mark.index) - byte_offset(r, start)) + 1;
}

struct kx_loc kx_einit_mark_loc(const struct kx_einit_reader *r, yaml_mark_t start, yaml_mark_t end)
{
	struct kx_loc loc = {.source = &r->einit->source};

	loc.line = (uint32_t)start.line + 1;
	loc.column = byte_column(r, start);
	loc.end_line = loc.line;
	loc.end_column = loc.column + 1;
	if (end.line == start.line)
		loc.end_column = byte_column(r, end);
	return loc;
}

struct kx_loc kx_einit_node_loc(const struct kx_einit_reader *r, const yaml_node_t *node)
{
	return kx_einit_mark_loc(r, node->start_mark, node->end_mark);
}

yaml_node_t *kx_einit_node(const struct kx_einit_reader *r, int index)
{
	return yaml_document_get_node(r->document, index);
}

/* The text of a scalar; "" for an empty value. NULL and a message otherwise. */
const char *kx_einit_scalar(const struct kx_einit_reader *r, const yaml_node_t *node,
			    const char *what)
{
	struct kx_loc loc = kx_einit_node_loc(r, node);
	const char *text;

	if (node->type != YAML_SCALAR_NODE) {
		kx_error(r->einit->diag, &loc, "%s must be a single value", what);
		return NULL;
	}
	text = (const char *)node->data.scalar.value;
	if (strlen(text) != node->data.scalar.length) {
		kx_error(r->einit->diag, &loc, "%s contains a zero byte", what);
		return NULL;
	}
	if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    (strcmp(text, "~") == 0 || strcmp(text, "null") == 0))
		return "";
	return kx_pool_text(r->einit->pool, text, node->data.scalar.length);
}

const char *kx_einit_required(const struct kx_einit_reader *r, const yaml_node_t *node,
			      const char *what)
{
	const char *text = kx_einit_scalar(r, node, what);
	struct kx_loc loc = kx_einit_node_loc(r, node);

	if (text && !*text) {
		kx_error(r->einit->diag, &loc, "%s is empty", what);
		return NULL;
	}
	return text;
}

bool kx_einit_is_empty(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0;
}

void kx_einit_unknown_key(const struct kx_einit_reader *r, const yaml_node_t *key,
			  const char *const *known)
{
	const char *text = kx_einit_scalar(r, key, "a key");
	struct kx_loc loc = kx_einit_node_loc(r, key);
	struct kx_guess guess;

	if (!text)
		return;
	kx_guess_init(&guess, text);
	for (; *known; known++)
		kx_guess_add(&guess, *known);
	kx_warning(r->einit->diag, &loc, "unknown key '%s' is ignored%s", text,
		   kx_guess_text(&guess, r->einit->pool));
}

/*
 * libyaml takes time quadratic in the nesting of [ and {. No init description
 * nests deeper than three; thousands of unclosed ones are an attack or noise.
 */
bool kx_einit_too_deep(const struct kx_source *source)
{
	size_t depth = 0;
	size_t i;

	for (i = 0; i < source->len && depth <= KX_EINIT_MAX_NESTING; i++) {
		char c = source->text[i];

		if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && depth > 0)
			depth--;
	}
	return depth > KX_EINIT_MAX_NESTING;
}
