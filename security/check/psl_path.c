/* SPDX-License-Identifier: Apache-2.0 */

/* message, src_sid, dst_sid, and what '.' and '.[ ]' reach from there. */

#include <inttypes.h>
#include <string.h>

#include "psl_value.h"

#define F(...) kx_pool_format(m->psl->pool, __VA_ARGS__)

/* What stands at @base + @offset, as a value. */
static struct kx_psl_value load(struct kx_psl_maker *m, const struct kx_nk_type *type,
				const char *base, uint64_t offset)
{
	const struct kx_nk_type *nk = kx_nk_strip(type);
	struct kx_psl_value value;

	if (!nk)
		return kx_psl_bad_value();
	if (nk->kind == KX_NK_INT) {
		bool is_signed = kx_nk_base_signed(nk->base);
		unsigned int bits = 8 * kx_nk_base_bytes(nk->base);

		value = kx_psl_number(F("kx_ksm_%c%u(%s, %" PRIu64 ")", is_signed ? 's' : 'u', bits,
					base, offset),
				      is_signed, bits);
		value.fixed = strcmp(base, "e->fixed") == 0;
		value.offset = offset;
		return value;
	}
	if (nk->kind == KX_NK_STRING)
		return kx_psl_text_value(F("kx_ksm_string(e, %s, %" PRIu64 ")", base, offset));
	value = kx_psl_bad_value();
	value.kind = KX_PSL_V_MEMORY;
	value.nk = nk;
	value.base = base;
	value.offset = offset;
	return value;
}

static const char *const direction_names[] = {"in", "out", "error"};

/* "; it has a, b", and how to select less where nothing does. */
static const char *say_parameters(struct kx_psl_maker *m, enum kx_nk_direction direction)
{
	const char *text = "";

	for (const struct kx_nk_field *p = m->slot->method->method->params; p; p = p->next)
		if (p->direction == direction)
			text = F("%s%s %s", text, *text ? "," : "; it has", p->name);
	return m->item->of_method ? text : F("%s; select the method with method=", text);
}

/* Why there is no parameter of that name in this message. */
static struct kx_psl_value no_parameter(struct kx_psl_maker *m, struct kx_psl_expr *expr,
					enum kx_nk_direction direction)
{
	const struct kx_psl_method *method = m->slot->method;
	const char *kind = kx_psl_event_name(m->slot->kind);
	struct kx_guess guess;

	kx_guess_init(&guess, expr->text);
	for (const struct kx_nk_field *p = method->method->params; p; p = p->next) {
		if (p->direction == direction)
			kx_guess_add(&guess, p->name);
		else if (strcmp(p->name, expr->text) == 0)
			return kx_psl_bad(
				m, expr, &expr->text_loc,
				"'%s' of method '%s' is an '%s' parameter; %s events see '%s' "
				"parameters only",
				expr->text, method->name, direction_names[p->direction], kind,
				direction_names[direction]);
	}
	return kx_psl_bad(
		m, expr, &expr->text_loc,
		"method '%s' of endpoint '%s' of '%s', which this rule covers, has no "
		"parameter '%s'%s",
		method->name, method->path, m->psl->classes[method->class_index].name, expr->text,
		guess.best ? kx_guess_text(&guess, m->psl->pool) : say_parameters(m, direction));
}

static struct kx_psl_value parameter(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	enum kx_nk_direction direction = kx_psl_direction(m->slot->kind);
	const struct kx_nk_field *param;

	if (m->slot->kind == KX_PSL_EXECUTE)
		return kx_psl_bad(m, expr, &expr->loc, "an execute event carries no parameters");
	if (!m->slot->method)
		return kx_psl_bad_value();
	param = kx_nk_param(m->slot->method->method, direction, expr->text);
	if (!param)
		return no_parameter(m, expr, direction);
	m->reads_message = true;
	return load(m, param->type, "e->fixed", param->offset);
}

static struct kx_psl_value member(struct kx_psl_maker *m, struct kx_psl_expr *expr,
				  const struct kx_psl_value *left)
{
	const struct kx_nk_def *def = kx_nk_record(left->nk);
	struct kx_guess guess;
	uint32_t index = 0;

	kx_guess_init(&guess, expr->text);
	for (const struct kx_nk_field *f = def->fields; f; f = f->next, index++) {
		kx_guess_add(&guess, f->name);
		if (strcmp(f->name, expr->text) != 0)
			continue;
		if (def->kind == KX_NK_DEF_STRUCT)
			return load(m, f->type, left->base, left->offset + f->offset);
		return load(m, f->type,
			    F("kx_ksm_member(e, %s, %" PRIu64 ", %u, %" PRIu64 ")", left->base,
			      left->offset, index, def->union_offset),
			    f->offset);
	}
	return kx_psl_bad(m, expr, &expr->text_loc, "%s '%s' has no member '%s'%s",
			  def->kind == KX_NK_DEF_STRUCT ? "struct" : "union", def->name, expr->text,
			  kx_guess_text(&guess, m->psl->pool));
}

static bool is_list(const struct kx_psl_value *v)
{
	return v->kind == KX_PSL_V_MEMORY &&
	       (v->nk->kind == KX_NK_SEQUENCE || v->nk->kind == KX_NK_ARRAY ||
		v->nk->kind == KX_NK_BYTES);
}

static struct kx_psl_value field(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	struct kx_psl_value left;

	if (expr->left->kind == KX_PSL_NAME && strcmp(expr->left->text, "message") == 0)
		return parameter(m, expr);
	left = kx_psl_value(m, expr->left);
	if (left.kind == KX_PSL_V_BAD)
		return left;
	if (left.kind == KX_PSL_V_DICT) {
		struct kx_psl_expr *item = kx_psl_item_of(left.expr, expr->text);

		if (item)
			return kx_psl_value(m, item);
	} else if (left.kind == KX_PSL_V_MEMORY && left.nk->kind == KX_NK_HANDLE) {
		if (strcmp(expr->text, "handle") == 0)
			return kx_psl_number(
				F("kx_ksm_handle(e, %s, %" PRIu64 ")", left.base, left.offset),
				false, 32);
		if (strcmp(expr->text, "rights") == 0)
			return kx_psl_number(
				F("kx_ksm_rights(e, %s, %" PRIu64 ")", left.base, left.offset),
				false, 32);
		return kx_psl_bad(m, expr, &expr->text_loc,
				  "a handle has 'handle' (its SID) and 'rights', no '%s'",
				  expr->text);
	} else if (left.kind == KX_PSL_V_MEMORY && kx_nk_record(left.nk)) {
		return member(m, expr, &left);
	}
	return kx_psl_bad(m, expr, &expr->text_loc, "%s has no member '%s'%s",
			  kx_psl_value_name(m, &left), expr->text,
			  is_list(&left) ? "; how many elements it has says size (...)" : "");
}

/* [a, b].[1] */
static struct kx_psl_value item_of_list(struct kx_psl_maker *m, struct kx_psl_expr *expr,
					const struct kx_psl_expr *list)
{
	struct kx_psl_expr *item = list->items;

	for (uint64_t i = 0; item && i < expr->right->number; i++)
		item = item->next;
	return item ? kx_psl_value(m, item)
		    : kx_psl_bad(m, expr, &expr->right->loc, "the list has no such element");
}

static struct kx_psl_value element(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	static const struct kx_nk_type byte = {
		.kind = KX_NK_INT, .base = KX_NK_UINT8, .layout = {.size = 1, .align = 1}};
	struct kx_psl_value left = kx_psl_value(m, expr->left);
	struct kx_psl_leaf leaf = {.bits = 64};
	const struct kx_nk_type *elem;
	const char *index = kx_psl_fit(m, expr->right, &leaf);

	if (left.kind == KX_PSL_V_BAD || !index)
		return kx_psl_bad_value();
	if (left.kind == KX_PSL_V_LIST && expr->right->kind == KX_PSL_INT)
		return item_of_list(m, expr, left.expr);
	if (!is_list(&left))
		return kx_psl_bad(m, expr, &expr->loc, "%s has no elements",
				  kx_psl_value_name(m, &left));
	elem = left.nk->kind == KX_NK_BYTES ? &byte : left.nk->elem;
	if (expr->right->kind == KX_PSL_INT && expr->right->number >= left.nk->bound &&
	    !expr->warned) {
		expr->warned = true;
		kx_warning(m->psl->diag, &expr->right->loc,
			   "this always denies: %s has no element %" PRIu64
			   ", the first is number 0",
			   kx_psl_value_name(m, &left), expr->right->number);
	}
	if (left.nk->kind == KX_NK_ARRAY)
		return load(m, elem,
			    F("kx_ksm_element(e, %s, %" PRIu64 ", %s, %" PRIu64 ", %" PRIu64 ")",
			      left.base, left.offset, index, left.nk->bound, elem->layout.size),
			    0);
	return load(m, elem,
		    F("kx_ksm_chunk_element(e, %s, %" PRIu64 ", %s, %" PRIu64 ")", left.base,
		      left.offset, index, elem->layout.size),
		    0);
}

static struct kx_psl_value name(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	static const char *const known[] = {"message", "src_sid", "dst_sid"};
	struct kx_guess guess;

	if (strcmp(expr->text, "src_sid") == 0)
		return kx_psl_number("kx_ksm_src(e)", false, 32);
	if (strcmp(expr->text, "dst_sid") == 0) {
		if (m->slot->kind == KX_PSL_SECURITY)
			return kx_psl_bad(m, expr, &expr->loc,
					  "a security event has no destination; use src_sid");
		return kx_psl_number("kx_ksm_dst(e)", false, 32);
	}
	if (strcmp(expr->text, "message") == 0)
		return (struct kx_psl_value){.kind = KX_PSL_V_MESSAGE, .constant = -1, .c = "0"};
	kx_guess_init(&guess, expr->text);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		kx_guess_add(&guess, known[i]);
	if (m->slot->method &&
	    kx_nk_param(m->slot->method->method, kx_psl_direction(m->slot->kind), expr->text))
		return kx_psl_bad(m, expr, &expr->loc,
				  "'%s' is unknown; did you mean 'message.%s'?", expr->text,
				  expr->text);
	return kx_psl_bad(m, expr, &expr->loc, "'%s' is unknown%s", expr->text,
			  guess.best ? kx_guess_text(&guess, m->psl->pool)
				     : "; a rule knows message, src_sid and dst_sid");
}

struct kx_psl_value kx_psl_path_value(struct kx_psl_maker *m, struct kx_psl_expr *expr)
{
	struct kx_psl_value value = expr->kind == KX_PSL_NAME    ? name(m, expr)
				    : expr->kind == KX_PSL_FIELD ? field(m, expr)
								 : element(m, expr);

	if (value.kind == KX_PSL_V_INT || value.kind == KX_PSL_V_TEXT)
		kx_psl_note(m, expr, &value);
	return value;
}
