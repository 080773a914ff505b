/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

struct value {
	enum { NOTHING, FLAG, NUMBER, TEXT, BYTES_AT, WHOLE_MESSAGE } kind;
	bool flag;
	wide number;
	bool is_signed, literal;
	char text[64];
	const struct kx_nk_type *type; /* BYTES_AT */
	const uint8_t *at;
};

static struct value evaluate(struct kx_reference *r, const struct kx_psl_expr *expr);

static struct value fail(struct kx_reference *r)
{
	r->failed = true;
	return (struct value){.kind = NOTHING};
}

static struct value flag(bool value)
{
	return (struct value){.kind = FLAG, .flag = value};
}

static struct value number(wide value, bool is_signed)
{
	return (struct value){.kind = NUMBER, .number = value, .is_signed = is_signed};
}

/* --- messages ---------------------------------------------------------------------- */

static const uint8_t *chunk(struct kx_reference *r, const uint8_t *at, uint32_t *size)
{
	uint32_t pair[2];

	memcpy(pair, at, 8);
	*size = pair[1];
	if ((uint64_t)pair[0] + pair[1] > r->event->arena_size) {
		r->failed = true;
		*size = 0;
		return NULL;
	}
	return (const uint8_t *)r->event->arena + pair[0];
}

static struct value at_place(struct kx_reference *r, const struct kx_nk_type *type,
			     const uint8_t *at)
{
	const struct kx_nk_type *nk = kx_nk_strip(type);
	struct value value = {.kind = BYTES_AT, .type = nk, .at = at};

	if (nk->kind == KX_NK_INT) {
		unsigned int bytes = kx_nk_base_bytes(nk->base);
		uint64_t bits = 0;

		memcpy(&bits, at, bytes);
		if (kx_nk_base_signed(nk->base))
			return number(
				(wide)((int64_t)(bits << (64 - 8 * bytes)) >> (64 - 8 * bytes)),
				true);
		return number(bits, false);
	}
	if (nk->kind == KX_NK_STRING) {
		uint32_t size;
		const uint8_t *text = chunk(r, at, &size);

		value.kind = TEXT;
		(void)snprintf(value.text, sizeof(value.text), "%.*s", (int)size,
			       text ? (const char *)text : "");
	}
	return value;
}

static struct value parameter(struct kx_reference *r, const char *name)
{
	enum kx_nk_direction direction = r->event->kind == KX_EVENT_RESPONSE ? KX_NK_OUT
					 : r->event->kind == KX_EVENT_ERROR  ? KX_NK_ERR
									     : KX_NK_IN;
	const struct kx_nk_field *param = kx_nk_param(r->method, direction, name);

	if (!r->event->fixed || r->event->fixed_size != r->method->msg[direction].size)
		return fail(r);
	return at_place(r, param->type, (const uint8_t *)r->event->fixed + param->offset);
}

static struct value member(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct value left = evaluate(r, expr->left);
	const struct kx_nk_def *def;
	uint32_t index = 0;

	if (left.kind == WHOLE_MESSAGE)
		return parameter(r, expr->text);
	if (left.kind != BYTES_AT)
		return fail(r);
	if (left.type->kind == KX_NK_HANDLE) {
		uint32_t offset = (uint32_t)(left.at - (const uint8_t *)r->event->fixed);

		for (uint32_t i = 0; i < r->event->handle_count; i++)
			if (r->event->handles[i].offset == offset)
				return number(r->event->handles[i].sid, false);
		return number(0, false);
	}
	def = kx_nk_record(left.type);
	for (const struct kx_nk_field *f = def->fields; f; f = f->next, index++) {
		uint32_t tag;

		if (strcmp(f->name, expr->text) != 0)
			continue;
		if (def->kind == KX_NK_DEF_STRUCT)
			return at_place(r, f->type, left.at + f->offset);
		memcpy(&tag, left.at, sizeof(tag));
		if (tag != index)
			return fail(r);
		return at_place(r, f->type, left.at + def->union_offset);
	}
	return fail(r);
}

static struct value element(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct value left = evaluate(r, expr->left);
	struct value index = evaluate(r, expr->right);
	const uint8_t *start = left.at;
	uint64_t count;
	uint32_t size;

	if (left.kind != BYTES_AT || index.kind != NUMBER)
		return fail(r);
	count = left.type->bound;
	if (left.type->kind == KX_NK_SEQUENCE) {
		start = chunk(r, left.at, &size);
		count = size / left.type->elem->layout.size;
	}
	if (index.number < 0 || index.number >= (wide)count)
		return fail(r);
	return at_place(r, left.type->elem,
			start + (uint64_t)index.number * left.type->elem->layout.size);
}

/* --- objects --------------------------------------------------------------------------- */

static const struct kx_psl_expr *argument(const struct kx_psl_expr *call, const char *name)
{
	for (const struct kx_psl_expr *item = call->left->items; item; item = item->next)
		if (item->key && strcmp(item->key, name) == 0)
			return item;
	return NULL;
}

static const struct kx_psl_object *find_object(const struct kx_reference *r, const char *name,
					       uint32_t *index)
{
	*index = 0;
	for (const struct kx_psl_object *o = r->psl->objects; o; o = o->next) {
		if (!o->config) /* the ready ones keep nothing */
			continue;
		if (strcmp(o->name.text, name) == 0)
			return o;
		++*index;
	}
	return NULL;
}

static const struct kx_psl_expr *config(const struct kx_psl_object *object, const char *name)
{
	for (const struct kx_psl_expr *item = object->config->items; item; item = item->next)
		if (strcmp(item->key, name) == 0)
			return item;
	return NULL;
}

static struct kx_ref_context *context_of(struct kx_reference *r, uint32_t object, wide sid)
{
	for (uint32_t i = 0; i < KX_REF_CONTEXTS; i++)
		if (r->state.contexts[object][i].used && r->state.contexts[object][i].sid == sid)
			return &r->state.contexts[object][i];
	return NULL;
}

static uint32_t contexts_used(const struct kx_reference *r, uint32_t object)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < KX_REF_CONTEXTS; i++)
		used += r->state.contexts[object][i].used;
	return used;
}

static void get_entry(struct kx_reference *r, const struct kx_psl_expr *call, int64_t *entry)
{
	const struct kx_psl_expr *item = argument(call, "entry")->items;

	for (int i = 0; i < 2; i++, item = item->next) {
		struct value v = evaluate(r, item);

		if (v.kind != NUMBER || v.number < 0 || v.number > UINT32_MAX)
			r->failed = true;
		entry[i] = (int64_t)v.number;
	}
}

static int find_entry(const struct kx_ref_context *context, const int64_t *entry)
{
	for (uint32_t i = 0; i < context->count; i++)
		if (memcmp(context->entries[i], entry, sizeof(context->entries[i])) == 0)
			return (int)i;
	return -1;
}

static int find_key(const struct kx_psl_object *object, const char *name)
{
	int index = 0;

	for (const struct kx_psl_expr *key = config(object, "keys")->items; key;
	     key = key->next, index++)
		if (strcmp(key->key, name) == 0)
			return index;
	return -1;
}

/* --- expressions -------------------------------------------------------------------------- */

/* Values of a stateful object. */
static struct value query(struct kx_reference *r, const struct kx_psl_expr *call)
{
	uint32_t index;
	const struct kx_psl_object *object = find_object(r, call->object, &index);
	struct value sid = evaluate(r, argument(call, "sid"));
	struct kx_ref_context *context = context_of(r, index, sid.number);
	struct value value = {.kind = TEXT};
	int64_t entry[2];
	int key;

	if (!object)
		return fail(r);
	if (strcmp(call->text, "contains") == 0) {
		get_entry(r, call, entry);
		return context ? flag(find_entry(context, entry) >= 0) : fail(r);
	}
	if (!context)
		return fail(r);
	if (strcmp(call->text, "query") == 0) {
		(void)snprintf(value.text, sizeof(value.text), "%s", context->state);
		return value;
	}
	key = find_key(object, argument(call, "key")->text);
	return number(strcmp(call->text, "get") == 0 ? context->base[key] : context->working[key],
		      true);
}

static struct value call_value(struct kx_reference *r, const struct kx_psl_expr *call)
{
	const struct kx_psl_expr *item = call->left->items;
	bool any = strcmp(call->text, "any") == 0;

	if (!call->object && strcmp(call->text, "size") == 0) {
		struct value v = evaluate(r, call->left);
		uint32_t size;

		if (v.kind == TEXT)
			return number((wide)strlen(v.text), false);
		(void)chunk(r, v.at, &size);
		return number(size / v.type->elem->layout.size, false);
	}
	if (strcmp(call->object, "bool") != 0)
		return query(r, call);
	for (; item; item = item->next) {
		struct value v = evaluate(r, item);

		if (v.flag == any)
			return v;
	}
	return flag(!any);
}

static bool is_signed(const struct value *v)
{
	return v->is_signed || (v->literal && v->number < 0);
}

static struct value checked(struct kx_reference *r, wide result, bool is_signed_result)
{
	if (is_signed_result ? result < INT64_MIN || result > INT64_MAX
			     : result < 0 || result > (wide)UINT64_MAX)
		return fail(r);
	return number(result, is_signed_result);
}

static struct value arithmetic(struct kx_reference *r, enum kx_psl_op op, const struct value *a,
			       const struct value *b)
{
	bool result_signed = is_signed(a) || is_signed(b);
	wide product;

	if (result_signed && (a->number > INT64_MAX || b->number > INT64_MAX))
		return fail(r);
	switch (op) {
	case KX_PSL_ADD:
		return checked(r, a->number + b->number, result_signed);
	case KX_PSL_SUB:
		return checked(r, a->number - b->number, result_signed);
	case KX_PSL_MUL:
		if (__builtin_mul_overflow(a->number, b->number, &product))
			return fail(r);
		return checked(r, product, result_signed);
	case KX_PSL_BIT_AND:
		return number(a->number & b->number, result_signed);
	default:
		return number(a->number | b->number, result_signed);
	}
}

static struct value compare(struct kx_reference *r, enum kx_psl_op op, const struct value *a,
			    const struct value *b)
{
	int order;

	if (a->kind == TEXT)
		order = strcmp(a->text, b->text);
	else if (a->kind == FLAG)
		order = (int)a->flag - (int)b->flag;
	else if (a->kind == NUMBER)
		order = a->number < b->number ? -1 : a->number > b->number;
	else
		return fail(r);
	switch (op) {
	case KX_PSL_EQ:
		return flag(order == 0);
	case KX_PSL_NE:
		return flag(order != 0);
	case KX_PSL_LT:
		return flag(order < 0);
	case KX_PSL_LE:
		return flag(order <= 0);
	case KX_PSL_GT:
		return flag(order > 0);
	default:
		return flag(order >= 0);
	}
}

static struct value binary(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct value a = evaluate(r, expr->left);
	struct value b;

	if (expr->op == KX_PSL_AND && !a.flag)
		return flag(false);
	if (expr->op == KX_PSL_OR && a.flag)
		return flag(true);
	if (expr->op == KX_PSL_IMPLIES && !a.flag)
		return flag(true);
	b = evaluate(r, expr->right);
	if (expr->op == KX_PSL_AND || expr->op == KX_PSL_OR || expr->op == KX_PSL_IMPLIES)
		return flag(b.flag);
	if (expr->op >= KX_PSL_BIT_OR)
		return arithmetic(r, expr->op, &a, &b);
	return compare(r, expr->op, &a, &b);
}

static struct value unary(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct value v = evaluate(r, expr->left);

	if (expr->op == KX_PSL_NOT)
		return flag(!v.flag);
	if (v.literal) {
		v.number = -v.number;
		return v;
	}
	return v.number > INT64_MAX ? fail(r) : checked(r, -v.number, true);
}

static struct value evaluate(struct kx_reference *r, const struct kx_psl_expr *expr)
{
	struct value value = {.kind = NOTHING};

	switch (expr->kind) {
	case KX_PSL_INT:
		value = number(expr->number, false);
		value.literal = true;
		return value;
	case KX_PSL_TEXT:
		value.kind = TEXT;
		(void)snprintf(value.text, sizeof(value.text), "%s", expr->text);
		return value;
	case KX_PSL_BOOL:
		return flag(expr->number);
	case KX_PSL_NAME:
		if (strcmp(expr->text, "src_sid") == 0)
			return number(r->event->src.sid, false);
		if (strcmp(expr->text, "dst_sid") == 0)
			return number(r->event->dst.sid, false);
		value.kind = WHOLE_MESSAGE;
		return value;
	case KX_PSL_FIELD:
		return member(r, expr);
	case KX_PSL_INDEX:
		return element(r, expr);
	case KX_PSL_UNARY:
		return unary(r, expr);
	case KX_PSL_BINARY:
		return binary(r, expr);
	case KX_PSL_CALL:
		return call_value(r, expr);
	default:
		return fail(r);
	}
}

/* --- rules ------------------------------------------------------------------------------------ */

static bool flow_rule(struct kx_reference *r, const struct kx_psl_expr *call,
		      const struct kx_psl_object *object, struct kx_ref_context *context)
{
	const struct kx_psl_expr *state = argument(call, "state");
	const struct kx_psl_expr *allowed = NULL;
	(void)r;

	if (strcmp(call->text, "allow") == 0)
		allowed = argument(call, "states")->items;
	else
		for (const struct kx_psl_expr *from = config(object, "transitions")->items; from;
		     from = from->next)
			if (strcmp(from->key, context->state) == 0)
				allowed = from->items;
	for (; allowed; allowed = allowed->next) {
		if (!state && strcmp(allowed->text, context->state) == 0)
			return true;
		if (state && strcmp(allowed->text, state->text) == 0) {
			context->state = state->text;
			return true;
		}
	}
	return false;
}

static bool set_rule(struct kx_reference *r, const struct kx_psl_expr *call,
		     const struct kx_psl_object *object, struct kx_ref_context *context)
{
	int64_t entry[2];
	int found;

	get_entry(r, call, entry);
	found = find_entry(context, entry);
	if (strcmp(call->text, "remove") == 0) {
		if (found < 0)
			return false;
		context->count--;
		memcpy(context->entries[found], context->entries[context->count], sizeof(entry));
		return true;
	}
	if (found >= 0)
		return true;
	if (context->count >= config(object, "set_size")->number)
		return false;
	memcpy(context->entries[context->count++], entry, sizeof(entry));
	return true;
}

static bool map_rule(struct kx_reference *r, const struct kx_psl_expr *call,
		     const struct kx_psl_object *object, struct kx_ref_context *context)
{
	struct value value;

	if (strcmp(call->text, "commit") == 0) {
		memcpy(context->base, context->working, sizeof(context->base));
		return true;
	}
	if (strcmp(call->text, "rollback") == 0) {
		memcpy(context->working, context->base, sizeof(context->base));
		return true;
	}
	value = evaluate(r, argument(call, "value"));
	if (value.number < INT32_MIN || value.number > INT32_MAX)
		return false;
	context->working[find_key(object, argument(call, "key")->text)] = (int64_t)value.number;
	return true;
}

static bool init_rule(struct kx_reference *r, uint32_t index, const struct kx_psl_object *object,
		      wide sid)
{
	const struct kx_psl_expr *pool = config(object, "pool_size");
	struct kx_ref_context *context = NULL;
	int key = 0;

	if (pool && contexts_used(r, index) >= pool->number)
		return false;
	for (uint32_t i = 0; i < KX_REF_CONTEXTS && !context; i++)
		if (!r->state.contexts[index][i].used)
			context = &r->state.contexts[index][i];
	if (!context)
		return false;
	*context = (struct kx_ref_context){.used = true, .sid = (uint32_t)sid};
	if (config(object, "initial"))
		context->state = config(object, "initial")->text;
	if (config(object, "keys"))
		for (const struct kx_psl_expr *k = config(object, "keys")->items; k; k = k->next) {
			struct value value = evaluate(r, k);

			context->base[key] = context->working[key] = (int64_t)value.number;
			key++;
		}
	return true;
}

static bool object_rule(struct kx_reference *r, const struct kx_psl_expr *call)
{
	uint32_t index;
	const struct kx_psl_object *object = find_object(r, call->object, &index);
	struct value sid = evaluate(r, argument(call, "sid"));
	struct kx_ref_context *context = context_of(r, index, sid.number);

	if (strcmp(call->text, "init") == 0)
		return !context && init_rule(r, index, object, sid.number);
	if (!context)
		return false;
	if (strcmp(call->text, "fini") == 0) {
		context->used = false;
		return true;
	}
	if (strcmp(object->model_name.text, "Flow") == 0)
		return flow_rule(r, call, object, context);
	if (strcmp(object->model_name.text, "HashSet") == 0)
		return set_rule(r, call, object, context);
	return map_rule(r, call, object, context);
}

static bool rule(struct kx_reference *r, const struct kx_psl_expr *call)
{
	bool nothing = call->left->kind == KX_PSL_UNIT;

	if (call->object && strcmp(call->object, "base") != 0 && strcmp(call->object, "bool") != 0)
		return object_rule(r, call);
	if (strcmp(call->text, "grant") == 0)
		return true;
	if (strcmp(call->text, "assert") == 0)
		return evaluate(r, call->left).flag;
	return nothing ? false : !evaluate(r, call->left).flag;
}

/* --- bindings ------------------------------------------------------------------------------------
 */

static bool selected(const struct kx_reference *r, const struct kx_psl_selector *selectors)
{
	for (const struct kx_psl_selector *s = selectors; s; s = s->next) {
		const char *kind = s->kind_word.text;
		const char *wanted = s->value.text;
		const char *got = "";

		if (strcmp(kind, "src") == 0)
			got = r->event->src.class_name;
		else if (strcmp(kind, "dst") == 0)
			got = r->event->dst.class_name;
		else if (r->event->kind == KX_EVENT_EXECUTE)
			continue;
		else if (strcmp(kind, "endpoint") == 0)
			got = r->endpoint->path;
		else if (strcmp(kind, "interface") == 0)
			got = r->endpoint->iface->name;
		else if (strcmp(kind, "component") == 0)
			got = r->endpoint->owner->name;
		else
			got = r->method->name;
		if (strcmp(got, wanted) != 0)
			return false;
	}
	return true;
}

static bool run(struct kx_reference *r, const struct kx_psl_item *items, uint32_t *count);

static bool choice(struct kx_reference *r, const struct kx_psl_item *item)
{
	const struct kx_psl_expr *call = item->expr;
	bool select = strcmp(call->text, "select") == 0;
	struct value chosen = evaluate(r, select ? argument(call, "text") : call);

	if (r->failed)
		return false;
	for (const struct kx_psl_option *o = item->options; o; o = o->next) {
		uint32_t count = 0;
		bool fits = !o->literal;

		if (o->literal && select) {
			char pattern[128];
			regex_t compiled;

			(void)snprintf(pattern, sizeof(pattern), "^(%s)$", o->literal->text);
			if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0)
				return false;
			fits = regexec(&compiled, chosen.text, 0, NULL, 0) == 0;
			regfree(&compiled);
		} else if (o->literal) {
			struct value literal = evaluate(r, o->literal);

			fits = compare(r, KX_PSL_EQ, &chosen, &literal).flag;
		}
		if (fits)
			return run(r, o->items, &count) && count > 0;
	}
	return false;
}

/* All rules of @items that apply; stops at the first that denies. */
static bool run(struct kx_reference *r, const struct kx_psl_item *items, uint32_t *count)
{
	for (const struct kx_psl_item *item = items; item; item = item->next) {
		bool granted = true;

		if (item->kind == KX_PSL_MATCH) {
			if (selected(r, item->block->selectors))
				granted = run(r, item->block->items, count);
		} else if (item->kind != KX_PSL_AUDIT) {
			++*count;
			granted =
				item->kind == KX_PSL_CHOICE ? choice(r, item) : rule(r, item->expr);
		}
		if (!granted || r->failed)
			return false;
	}
	return true;
}

static const struct kx_nk_unit *class_unit(const struct kx_psl *psl, const char *name)
{
	for (uint32_t i = 0; i < psl->class_count; i++)
		if (strcmp(psl->classes[i].name, name) == 0)
			return psl->classes[i].unit;
	return NULL;
}

static bool find_method(struct kx_reference *r)
{
	const struct kx_question *event = r->event;
	bool request = event->kind == KX_EVENT_REQUEST;

	r->server = class_unit(r->psl, request ? event->dst.class_name : event->src.class_name);
	r->endpoint = NULL;
	r->method = NULL;
	if (event->kind == KX_EVENT_EXECUTE)
		return true;
	for (uint32_t i = 0; i < r->server->flat_count; i++)
		if (strcmp(r->server->flat[i].path, event->endpoint) == 0)
			r->endpoint = &r->server->flat[i];
	if (r->endpoint)
		r->method = kx_nk_method(r->endpoint->iface, event->method);
	return r->method != NULL;
}

void kx_reference_init(struct kx_reference *reference, const struct kx_psl *psl)
{
	memset(reference, 0, sizeof(*reference));
	reference->psl = psl;
}

bool kx_reference_decide(struct kx_reference *r, const struct kx_question *event)
{
	static const enum kx_psl_event_kind kinds[] = {
		[KX_EVENT_EXECUTE] = KX_PSL_EXECUTE,   [KX_EVENT_REQUEST] = KX_PSL_REQUEST,
		[KX_EVENT_RESPONSE] = KX_PSL_RESPONSE, [KX_EVENT_ERROR] = KX_PSL_ERROR,
		[KX_EVENT_SECURITY] = KX_PSL_SECURITY,
	};
	static struct kx_ref_state before;
	bool granted = true;
	uint32_t count = 0;

	r->event = event;
	r->failed = false;
	if (!find_method(r))
		return false;
	before = r->state;
	for (uint32_t i = 0; i < r->psl->binding_count && granted; i++) {
		const struct kx_psl_binding *binding = r->psl->bindings[i];

		if (binding->kind == kinds[event->kind] && selected(r, binding->block->selectors))
			granted = run(r, binding->block->items, &count);
	}
	r->rules = count;
	granted = granted && !r->failed && count > 0;
	if (!granted)
		r->state = before;
	return granted;
}

void kx_reference_forget(struct kx_reference *r, uint32_t sid)
{
	for (uint32_t object = 0; object < KX_REF_OBJECTS; object++) {
		struct kx_ref_context *context = context_of(r, object, sid);

		if (context)
			context->used = false;
	}
}
