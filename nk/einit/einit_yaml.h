/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_EINIT_YAML_H
#define KX_EINIT_YAML_H

/*
 * What einit_read.c needs of libyaml: nodes, their places for messages, and
 * single values. Assumes that the document and its source outlive the reader.
 */

#include <yaml.h>

#include "einit_model.h"

#define KX_EINIT_MAX_NESTING 5000u

struct kx_einit_reader {
	struct kx_einit *einit;
	yaml_document_t *document;
	size_t *index; /* byte offset of every 64th character */
	size_t characters;
};

/* Call once before any place is asked for. */
void kx_einit_yaml_index(struct kx_einit_reader *r);

/* Whether the text nests brackets deeper than libyaml can read in reasonable time. */
bool kx_einit_too_deep(const struct kx_source *source);

yaml_node_t *kx_einit_node(const struct kx_einit_reader *r, int index);

/* The place between two marks; only its beginning, if they are on different lines. */
struct kx_loc kx_einit_mark_loc(const struct kx_einit_reader *r, yaml_mark_t start,
				yaml_mark_t end);
struct kx_loc kx_einit_node_loc(const struct kx_einit_reader *r, const yaml_node_t *node);

/*
 * The text of a single value; "" for an empty one. NULL after a message, which
 * begins with @what. kx_einit_required() takes no empty value.
 */
const char *kx_einit_scalar(const struct kx_einit_reader *r, const yaml_node_t *node,
			    const char *what);
const char *kx_einit_required(const struct kx_einit_reader *r, const yaml_node_t *node,
			      const char *what);

/* Whether nothing stands behind a key. */
bool kx_einit_is_empty(const yaml_node_t *node);

/* Warns about @key; @known ends with NULL and feeds "did you mean". */
void kx_einit_unknown_key(const struct kx_einit_reader *r, const yaml_node_t *key,
			  const char *const *known);

#endif /* KX_EINIT_YAML_H */
