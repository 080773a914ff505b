/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Nodes of the policy tree, as the grammar recognises them. Names are not
 * looked up yet.
 */

#include "psl_build.h"

#include <stdio.h>
#include <string.h>

#define NAME_BYTES 1024u /* a dotted name; longer ones are garbage */
#define DEPTH      3000u /* of an expression: what walks the tree recurses */

static void *node(struct kx_psl_parse *parse, size_t size)
{
	return kx_pool_alloc(parse->pool, size);
}

struct kx_psl_word kx_psl_join(struct kx_psl_parse *parse, const struct kx_psl_word *left,
			       const char *right, const struct kx_loc *loc)
{
	struct kx_psl_word name = *left;

	name.loc.end_line = loc->end_line;
	name.loc.end_column = loc->end_column;
	if (strlen(left->text) + strlen(right) > NAME_BYTES)
		kx_error(parse->diag, &name.loc, "name is longer than %u characters", NAME_BYTES);
	else
		name.text = kx_pool_format(parse->pool, "%s.%s", left->text, right);
	return name;
}

/* --- declarations ------------------------------------------------------------ */

void kx_psl_add_use(struct kx_psl_parse *parse, const struct kx_psl_word *name,
		    const struct kx_psl_word *as, bool edl)
{
	struct kx_psl_use *use = node(parse, sizeof(*use));

	use->name = *name;
	use->as = as ? *as : *name;
	use->edl = edl;
	*parse->uses_end = use;
	parse->uses_end = &use->next;
}

void kx_psl_bad_edl(struct kx_psl_parse *parse, const struct kx_psl_word *name)
{
	kx_error(parse->diag, &name->loc, "'use EDL' takes no '._'; write 'use EDL %s'",
		 name->text);
}

void kx_psl_set_execute(struct kx_psl_parse *parse, const struct kx_psl_word *name)
{
	if (strcmp(name->text, "kl.core.Execute") != 0)
		kx_error(parse->diag, &name->loc,
			 "'%s' is no interface of process starts; only kl.core.Execute is",
			 name->text);
	parse->file->execute_interface = *name;
}

void kx_psl_set_audit(struct kx_psl_parse *parse, const struct kx_psl_word *profile, uint64_t level)
{
	if (parse->file->audit_default.text)
		kx_error(parse->diag, &profile->loc, "'audit default' is given twice");
	parse->file->audit_default = *profile;
	parse->file->audit_level = level;
}

void kx_psl_add_profile(struct kx_psl_parse *parse, const struct kx_psl_word *name,
			struct kx_psl_expr *levels)
{
	struct kx_psl_profile *profile = node(parse, sizeof(*profile));

	profile->name = *name;
	profile->levels = levels;
	*parse->profiles_end = profile;
	parse->profiles_end = &profile->next;
}

void kx_psl_add_object(struct kx_psl_parse *parse, const struct kx_psl_word *name,
		       const struct kx_psl_word *model, struct kx_psl_object *object)
{
	object->name = *name;
	object->model_name = *model;
	*parse->objects_end = object;
	parse->objects_end = &object->next;
}

void kx_psl_add_binding(struct kx_psl_parse *parse, enum kx_psl_event_kind kind,
			struct kx_psl_selector *selectors, struct kx_psl_item *items,
			const struct kx_loc *loc)
{
	struct kx_psl_binding *binding = node(parse, sizeof(*binding));

	binding->kind = kind;
	binding->block = kx_psl_make_block(parse, selectors, items, loc);
	*parse->bindings_end = binding;
	parse->bindings_end = &binding->next;
}

void kx_psl_add_assert(struct kx_psl_parse *parse, const struct kx_psl_word *title,
		       struct kx_psl_assert *assertion, const struct kx_loc *loc)
{
	assertion->title = title->text;
	assertion->loc = *loc;
	*parse->asserts_end = assertion;
	parse->asserts_end = &assertion->next;
}

/* --- objects and types -------------------------------------------------------- */

struct kx_psl_object *kx_psl_make_object(struct kx_psl_parse *parse)
{
	return node(parse, sizeof(struct kx_psl_object));
}

void kx_psl_object_type(struct kx_psl_parse *parse, struct kx_psl_object *object,
			const struct kx_psl_word *name, struct kx_psl_type *type)
{
	if (object->type)
		kx_error(parse->diag, &name->loc, "this object has a type parameter already, '%s'",
			 object->type_name.text);
	object->type_name = *name;
	object->type = type;
}

void kx_psl_object_config(struct kx_psl_parse *parse, struct kx_psl_object *object,
			  struct kx_psl_expr *config, const struct kx_loc *loc)
{
	if (object->config)
		kx_error(parse->diag, loc, "this object has a config already");
	object->config = config;
}

struct kx_psl_type *kx_psl_make_type(struct kx_psl_parse *parse, enum kx_psl_type_kind kind,
				     const struct kx_loc *loc, const char *text,
				     const struct kx_psl_list *items)
{
	struct kx_psl_type *type = node(parse, sizeof(*type));

	type->kind = kind;
	type->loc = *loc;
	type->text = text;
	type->items = items ? items->first : NULL;
	return type;
}

/* `a | b | c` is one variant of three. */
struct kx_psl_type *kx_psl_variant(struct kx_psl_parse *parse, struct kx_psl_type *left,
				   struct kx_psl_type *right, const struct kx_loc *loc)
{
	struct kx_psl_type **end;

	if (left->kind != KX_PSL_TYPE_VARIANT) {
		struct kx_psl_list list = {left, left};

		left = kx_psl_make_type(parse, KX_PSL_TYPE_VARIANT, loc, NULL, &list);
	}
	left->loc = *loc;
	for (end = &left->items; *end; end = &(*end)->next)
		;
	*end = right;
	return left;
}

/* --- bindings ------------------------------------------------------------------ */

struct kx_psl_selector *kx_psl_make_selector(struct kx_psl_parse *parse, const char *kind,
					     const struct kx_loc *kind_loc,
					     const struct kx_psl_word *value)
{
	struct kx_psl_selector *selector = node(parse, sizeof(*selector));

	selector->kind_word = (struct kx_psl_word){kind, *kind_loc};
	selector->value = *value;
	return selector;
}

struct kx_psl_item *kx_psl_make_item(struct kx_psl_parse *parse, enum kx_psl_item_kind kind,
				     const struct kx_loc *loc)
{
	struct kx_psl_item *item = node(parse, sizeof(*item));

	item->kind = kind;
	item->loc = *loc;
	return item;
}

struct kx_psl_block *kx_psl_make_block(struct kx_psl_parse *parse,
				       struct kx_psl_selector *selectors, struct kx_psl_item *items,
				       const struct kx_loc *loc)
{
	struct kx_psl_block *block = node(parse, sizeof(*block));

	block->selectors = selectors;
	block->items = items;
	block->loc = *loc;
	return block;
}

struct kx_psl_option *kx_psl_make_option(struct kx_psl_parse *parse, struct kx_psl_expr *literal,
					 struct kx_psl_item *items, const struct kx_loc *loc)
{
	struct kx_psl_option *option = node(parse, sizeof(*option));

	option->literal = literal;
	option->items = items;
	option->loc = *loc;
	return option;
}

/* --- expressions ---------------------------------------------------------------- */

static struct kx_psl_expr *make_expr(struct kx_psl_parse *parse, enum kx_psl_expr_kind kind,
				     const struct kx_loc *loc)
{
	struct kx_psl_expr *expr = node(parse, sizeof(*expr));

	expr->kind = kind;
	expr->loc = *loc;
	expr->depth = 1;
	return expr;
}

static void set_depth(struct kx_psl_parse *parse, struct kx_psl_expr *expr)
{
	uint32_t depth = expr->left ? expr->left->depth : 0;

	if (expr->right && expr->right->depth > depth)
		depth = expr->right->depth;
	for (const struct kx_psl_expr *e = expr->items; e; e = e->next)
		if (e->depth > depth)
			depth = e->depth;
	expr->depth = depth + 1;
	if (expr->depth == DEPTH)
		kx_error(parse->diag, &expr->loc,
			 "expression is nested more than %u deep; use bool.any or bool.all with a "
			 "list",
			 DEPTH);
}

struct kx_psl_expr *kx_psl_make_literal(struct kx_psl_parse *parse, enum kx_psl_expr_kind kind,
					const struct kx_loc *loc)
{
	return make_expr(parse, kind, loc);
}

struct kx_psl_expr *kx_psl_make_negative(struct kx_psl_parse *parse, uint64_t number,
					 const struct kx_loc *loc)
{
	struct kx_psl_expr *expr = make_expr(parse, KX_PSL_INT, loc);

	expr->number = number;
	return kx_psl_make_op(parse, KX_PSL_NEG, expr, NULL, loc);
}

struct kx_psl_expr *kx_psl_make_name(struct kx_psl_parse *parse, const struct kx_psl_word *name)
{
	struct kx_psl_expr *expr = make_expr(parse, KX_PSL_NAME, &name->loc);

	expr->text = name->text;
	expr->text_loc = name->loc;
	return expr;
}

struct kx_psl_expr *kx_psl_make_field(struct kx_psl_parse *parse, struct kx_psl_expr *left,
				      const struct kx_psl_word *name, const struct kx_loc *loc)
{
	struct kx_psl_expr *expr = make_expr(parse, KX_PSL_FIELD, loc);

	expr->left = left;
	expr->text = name->text;
	expr->text_loc = name->loc;
	set_depth(parse, expr);
	return expr;
}

struct kx_psl_expr *kx_psl_make_index(struct kx_psl_parse *parse, struct kx_psl_expr *left,
				      struct kx_psl_expr *right, const struct kx_loc *loc)
{
	struct kx_psl_expr *expr = make_expr(parse, KX_PSL_INDEX, loc);

	expr->left = left;
	expr->right = right;
	set_depth(parse, expr);
	return expr;
}

struct kx_psl_expr *kx_psl_make_op(struct kx_psl_parse *parse, enum kx_psl_op op,
				   struct kx_psl_expr *left, struct kx_psl_expr *right,
				   const struct kx_loc *loc)
{
	struct kx_psl_expr *expr = make_expr(parse, right ? KX_PSL_BINARY : KX_PSL_UNARY, loc);

	expr->op = op;
	expr->left = left;
	expr->right = right;
	set_depth(parse, expr);
	return expr;
}

struct kx_psl_expr *kx_psl_make_list(struct kx_psl_parse *parse, enum kx_psl_expr_kind kind,
				     const struct kx_psl_list *items, const struct kx_loc *loc)
{
	struct kx_psl_expr *expr = make_expr(parse, kind, loc);

	expr->items = items ? items->first : NULL;
	set_depth(parse, expr);
	return expr;
}

struct kx_psl_expr *kx_psl_make_call(struct kx_psl_parse *parse, const struct kx_psl_word *object,
				     const struct kx_psl_word *name, struct kx_psl_expr *argument,
				     const struct kx_loc *loc)
{
	struct kx_psl_expr *expr = make_expr(parse, KX_PSL_CALL, loc);

	if (object) {
		expr->object = object->text;
		expr->object_loc = object->loc;
	}
	expr->text = name->text;
	expr->text_loc = name->loc;
	expr->left = argument;
	set_depth(parse, expr);
	return expr;
}

struct kx_psl_expr *kx_psl_make_method(struct kx_psl_parse *parse, struct kx_psl_expr *left,
				       const struct kx_psl_word *name, struct kx_psl_expr *argument,
				       const struct kx_loc *loc)
{
	struct kx_psl_word object = {left->text, left->loc};

	if (argument->kind == KX_PSL_LIST &&
	    (left->kind != KX_PSL_NAME || strcmp(left->text, "message") == 0)) {
		kx_error(parse->diag, loc, "an element is written with a '.', as in '%s%s.[0]'",
			 left->kind == KX_PSL_NAME ? "message." : "", name->text);
	} else if (left->kind != KX_PSL_NAME) {
		kx_error(parse->diag, &left->loc, "only policy objects have methods");
		object.text = "?";
	}
	return kx_psl_make_call(parse, &object, name, argument, loc);
}

/* --- PAL -------------------------------------------------------------------------- */

struct kx_psl_assert *kx_psl_make_assert(struct kx_psl_parse *parse)
{
	return node(parse, sizeof(struct kx_psl_assert));
}

void kx_psl_set_block(struct kx_psl_parse *parse, struct kx_psl_case **block,
		      struct kx_psl_case *cases, const char *what, const struct kx_loc *loc)
{
	if (*block)
		kx_error(parse->diag, loc, "this assert has a '%s' already", what);
	*block = cases;
}

void kx_psl_add_sequence(struct kx_psl_parse *parse, struct kx_psl_assert *assertion,
			 const struct kx_psl_word *title, struct kx_psl_case *cases,
			 const struct kx_loc *loc)
{
	struct kx_psl_sequence *sequence = node(parse, sizeof(*sequence));
	struct kx_psl_sequence **end = &assertion->sequences;

	sequence->title = title->text;
	sequence->loc = *loc;
	sequence->cases = cases;
	while (*end)
		end = &(*end)->next;
	*end = sequence;
}

struct kx_psl_case *kx_psl_make_case(struct kx_psl_parse *parse, enum kx_psl_event_kind kind,
				     struct kx_psl_selector *selectors, struct kx_psl_expr *message)
{
	struct kx_psl_case *pal_case = node(parse, sizeof(*pal_case));

	pal_case->kind = kind;
	pal_case->selectors = selectors;
	pal_case->message = message;
	return pal_case;
}

struct kx_psl_case *kx_psl_make_short_case(struct kx_psl_parse *parse,
					   const struct kx_psl_word *src,
					   const struct kx_psl_word *dst,
					   const struct kx_psl_word *path,
					   struct kx_psl_expr *message)
{
	const char *dot = strrchr(path->text, '.');
	struct kx_psl_word endpoint = *path, method = *path;
	struct kx_psl_list list = {NULL, NULL};

	if (!dot) {
		kx_error(parse->diag, &path->loc,
			 "expected endpoint and method behind ':', as in 'comp.ep.Method'");
		dot = path->text + strlen(path->text);
	} else {
		method.text = dot + 1;
	}
	endpoint.text = kx_pool_text(parse->pool, path->text, (size_t)(dot - path->text));
	kx_psl_append_selector(&list, kx_psl_make_selector(parse, "src", &src->loc, src));
	kx_psl_append_selector(&list, kx_psl_make_selector(parse, "dst", &dst->loc, dst));
	kx_psl_append_selector(&list,
			       kx_psl_make_selector(parse, "endpoint", &path->loc, &endpoint));
	kx_psl_append_selector(&list, kx_psl_make_selector(parse, "method", &path->loc, &method));
	return kx_psl_make_case(parse, KX_PSL_REQUEST, list.first, message);
}

/* --- lists ------------------------------------------------------------------------- */

/* A list may be given one chain of several nodes at once (an option's items). */
#define APPEND(list, type, new)                                                                    \
	do {                                                                                       \
		type *last_ = (list)->last;                                                        \
		if (last_)                                                                         \
			last_->next = (new);                                                       \
		else                                                                               \
			(list)->first = (new);                                                     \
		(list)->last = (new);                                                              \
	} while (0)

void kx_psl_append_expr(struct kx_psl_list *list, struct kx_psl_expr *expr)
{
	APPEND(list, struct kx_psl_expr, expr);
}

void kx_psl_append_field(struct kx_psl_list *list, const char *key, const struct kx_loc *loc,
			 struct kx_psl_expr *expr)
{
	expr->key = key;
	expr->key_loc = *loc;
	APPEND(list, struct kx_psl_expr, expr);
}

void kx_psl_append_literal(struct kx_psl_parse *parse, struct kx_psl_list *list,
			   const struct kx_psl_expr *key, struct kx_psl_expr *expr)
{
	const char *text =
		key->kind == KX_PSL_TEXT
			? key->text
			: kx_pool_format(parse->pool, "%llu", (unsigned long long)key->number);

	kx_psl_append_field(list, text, &key->loc, expr);
}

void kx_psl_append_type(struct kx_psl_list *list, struct kx_psl_type *type)
{
	APPEND(list, struct kx_psl_type, type);
}

void kx_psl_append_selector(struct kx_psl_list *list, struct kx_psl_selector *selector)
{
	APPEND(list, struct kx_psl_selector, selector);
}

void kx_psl_append_item(struct kx_psl_list *list, struct kx_psl_item *item)
{
	APPEND(list, struct kx_psl_item, item);
}

void kx_psl_append_option(struct kx_psl_list *list, struct kx_psl_option *option)
{
	APPEND(list, struct kx_psl_option, option);
}

void kx_psl_append_case(struct kx_psl_list *list, struct kx_psl_case *pal_case)
{
	APPEND(list, struct kx_psl_case, pal_case);
}
