/* SPDX-License-Identifier: Apache-2.0 */

/* The reference interpreter: integrity levels, from the table of rules in psl.md. */

#include "reference_inside.h"

#include <string.h>

/* Number of text @name in list @list; -1: it is not there. */
static int place_in(const struct kx_psl_expr *list, const char *name)
{
	int place = 0;

	for (const struct kx_psl_expr *item = list->items; item; item = item->next, place++)
		if (strcmp(item->text, name) == 0)
			return place;
	return -1;
}

struct kx_ref_level kx_ref_level_of(const struct kx_psl_object *object,
				    const struct kx_psl_expr *expr)
{
	bool plain = object->config->kind == KX_PSL_LIST;
	const struct kx_psl_expr *degrees =
		plain ? object->config : kx_ref_config(object, "degrees");
	const struct kx_psl_expr *categories = plain ? NULL : kx_ref_config(object, "categories");
	struct kx_ref_level level = {0};

	if (!expr || expr->kind == KX_PSL_UNIT)
		return level;
	level.given = true;
	if (expr->kind == KX_PSL_TEXT) {
		level.degree = place_in(degrees, expr->text);
		return level;
	}
	for (const struct kx_psl_expr *part = expr->items; part; part = part->next) {
		if (strcmp(part->key, "degree") == 0)
			level.degree = place_in(degrees, part->text);
		else
			for (const struct kx_psl_expr *c = part->items; c; c = c->next)
				level.has[place_in(categories, c->text)] = true;
	}
	return level;
}

static bool below_or_equal(const struct kx_ref_level *a, const struct kx_ref_level *b)
{
	bool inside = a->degree <= b->degree;

	for (int i = 0; i < KX_REF_CATEGORIES; i++)
		inside = inside && (!a->has[i] || b->has[i]);
	return inside;
}

/* One call of a Mic object while it is looked at. */
struct look {
	struct kx_reference *r;
	uint32_t object;
	const struct kx_psl_expr *call;
};

static bool is_given(const struct look *l, const char *name)
{
	const struct kx_psl_expr *argument = kx_ref_argument(l->call, name);

	return argument && argument->kind != KX_PSL_UNIT;
}

static kx_wide sid_of(const struct look *l, const char *name)
{
	return kx_ref_evaluate(l->r, kx_ref_argument(l->call, name)).number;
}

/* What is kept for the SID in argument @name; NULL: no level. */
static struct kx_ref_context *kept(const struct look *l, const char *name)
{
	return kx_ref_context_of(l->r, l->object, sid_of(l, name));
}

/* Whether @level is no higher than that of the SID in @name; () restricts nothing. */
static bool allowed_by(const struct look *l, const struct kx_ref_level *level, const char *name)
{
	const struct kx_ref_context *context;

	if (!is_given(l, name))
		return true;
	context = kept(l, name);
	return context && below_or_equal(level, &context->level);
}

static bool give(const struct look *l, struct kx_ref_level level, struct kx_ref_level floor)
{
	struct kx_ref_context *context = kept(l, "target");

	for (uint32_t i = 0; i < KX_REF_CONTEXTS && !context; i++)
		if (!l->r->state.contexts[l->object][i].used)
			context = &l->r->state.contexts[l->object][i];
	if (!context)
		return false;
	context->used = true;
	context->sid = (uint32_t)sid_of(l, "target");
	context->level = level;
	context->floor = floor;
	return true;
}

static bool create(const struct look *l, struct kx_ref_level level)
{
	struct kx_ref_context *source = kept(l, "source");

	if (!source)
		return false;
	if (!level.given)
		level = source->level;
	return allowed_by(l, &level, "source") && allowed_by(l, &level, "driver") &&
	       allowed_by(l, &level, "container") && give(l, level, level);
}

static bool delete_level(const struct look *l)
{
	struct kx_ref_context *target = kept(l, "target");

	if (!target || !allowed_by(l, &target->level, "source") ||
	    !allowed_by(l, &target->level, "driver"))
		return false;
	if (is_given(l, "container") && !kept(l, "container"))
		return false;
	target->used = false;
	return true;
}

static bool execute(const struct look *l, struct kx_ref_level level, struct kx_ref_level floor)
{
	struct kx_ref_context *image = is_given(l, "image") ? kept(l, "image") : NULL;

	if (is_given(l, "image") && !image)
		return false;
	if (!level.given && image)
		level = image->level;
	if (!floor.given)
		floor = level;
	return level.given && (!image || below_or_equal(&level, &image->level)) &&
	       below_or_equal(&floor, &level) && give(l, level, floor);
}

static bool upgrade(const struct look *l, const struct kx_ref_level *level)
{
	struct kx_ref_context *target = kept(l, "target");

	if (!target || !level->given || !below_or_equal(&target->level, level) ||
	    below_or_equal(level, &target->level))
		return false;
	if (!allowed_by(l, level, "source") || !allowed_by(l, level, "driver") ||
	    !allowed_by(l, level, "container") || !allowed_by(l, &target->level, "source"))
		return false;
	target->level = *level;
	return true;
}

bool kx_ref_mic_rule(struct kx_reference *r, const struct kx_psl_expr *call,
		     const struct kx_psl_object *object, uint32_t index)
{
	struct look l = {r, index, call};
	struct kx_ref_level level = kx_ref_level_of(object, kx_ref_argument(call, "level"));
	struct kx_ref_level floor = kx_ref_level_of(object, kx_ref_argument(call, "levelR"));
	const struct kx_ref_context *source;
	const struct kx_ref_context *target;

	if (strcmp(call->text, "create") == 0)
		return create(&l, level);
	if (strcmp(call->text, "delete") == 0)
		return delete_level(&l);
	if (strcmp(call->text, "execute") == 0)
		return execute(&l, level, floor);
	if (strcmp(call->text, "upgrade") == 0)
		return upgrade(&l, &level);
	source = kept(&l, "source");
	target = kept(&l, "target");
	if (!source || !target)
		return false;
	/* Data flow to the source, or from it. */
	if (strcmp(call->text, "call") == 0 || strcmp(call->text, "read") == 0)
		return below_or_equal(&source->level, &target->level) ||
		       below_or_equal(&source->floor, &target->level);
	return below_or_equal(&target->level, &source->level);
}
