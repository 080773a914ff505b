/* SPDX-License-Identifier: Apache-2.0 */

/* Audit records: one decision as a line for people and as JSON; see audit.h. */

#include "audit.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit_log.h"
#include "log.h"
#include "module.h"

#define MESSAGE_MAX 4096u

/* A text under construction; what does not fit is cut. */
struct text {
	char *at;
	size_t size, used;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
	va_list args;
	int length;

	if (text->used + 1 >= text->size)
		return;
	va_start(args, format);
	length = vsnprintf(text->at + text->used, text->size - text->used, format, args);
	va_end(args);
	if (length > 0)
		text->used += (size_t)length;
	if (text->used >= text->size)
		text->used = text->size - 1;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static const char *kind_of(const struct kx_event *event)
{
	static const char *const kinds[] = {"event",    "execute", "request",
					    "response", "error",   "security"};

	return kinds[event->kind <= KX_EVENT_SECURITY ? event->kind : 0];
}

/* The smallest rule that would have granted, where a module does not say it itself. */
static void add_remedy(struct text *text, const struct kx_event *event,
		       const struct kx_trail *trail)
{
	if (trail->remedy) {
		add(text, "%s", trail->remedy);
		return;
	}
	if (trail->rule || !trail->reason || strcmp(trail->reason, "no matching rule") != 0)
		return;
	add(text, "%s src=%s dst=%s", kind_of(event), or_empty(event->src.class_name),
	    or_empty(event->dst.class_name));
	if (event->kind != KX_EVENT_EXECUTE)
		add(text, " endpoint=%s method=%s", or_empty(event->endpoint),
		    or_empty(event->method));
	add(text, " { grant () }");
}

/* The rule and where it stands, as far as the module told. */
static void add_rule(struct text *text, const struct kx_trail *trail)
{
	add(text, "%s", trail->reason ? trail->reason : "no reason given");
	if (trail->file)
		add(text, " (%s:%u: %s)", trail->file, trail->line, or_empty(trail->rule));
	else if (trail->rule)
		add(text, " (%s)", trail->rule);
}

static uint32_t read_count(const struct kx_trail *trail)
{
	return trail->read_count < KX_TRAIL_READS ? trail->read_count : KX_TRAIL_READS;
}

/* What an audit record is made of. */
struct record {
	const struct kx_event *event;
	const struct kx_trail *trail;
	bool granted;
	const char *message; /* "" if nothing is known of it */
	const char *remedy;  /* "" if there is nothing simple */
};

/* By name; by number where the class of the server knows none. */
static void add_method(struct text *text, const struct kx_event *event)
{
	bool numbers = event->kind != KX_EVENT_EXECUTE;

	if (numbers && !*or_empty(event->endpoint))
		add(text, "endpoint %u", event->riid);
	else
		add(text, "%s", or_empty(event->endpoint));
	if (numbers && !*or_empty(event->method))
		add(text, ".method %u", event->mid);
	else
		add(text, ".%s", or_empty(event->method));
}

static char *make_line(const struct record *r)
{
	const struct kx_event *event = r->event;
	char bytes[1024];
	struct text line = {bytes, sizeof(bytes), 0};

	add(&line, "%s #%" PRIu64 " %s %s -> %s ", r->granted ? "granted" : "denied", event->number,
	    kind_of(event), or_empty(event->src.task_name), or_empty(event->dst.task_name));
	add_method(&line, event);
	add(&line, ": ");
	add_rule(&line, r->trail);
	for (uint32_t i = 0; i < read_count(r->trail); i++)
		add(&line, "; read %s = %.56s", or_empty(r->trail->reads[i].name),
		    r->trail->reads[i].value);
	if (*r->remedy)
		add(&line, "; to grant it: ");
	/* One change a line; here they share one. */
	for (const char *at = r->remedy; *at; at += strcspn(at, "\n"), at += *at == '\n')
		add(&line, "%s%.*s", at == r->remedy ? "" : " and ", (int)strcspn(at, "\n"), at);
	return strdup(bytes);
}

/* @text as JSON; what is not UTF-8 (a name made up, a rule cut in a letter) becomes '?'. */
static json_t *text_json(const char *text)
{
	json_t *value = json_string(or_empty(text));
	char *plain = value ? NULL : strdup(or_empty(text));

	for (char *at = plain; at && *at; at++)
		if (*at & 0x80)
			*at = '?';
	if (plain)
		value = json_string(plain);
	free(plain);
	return value;
}

static void set_text(json_t *object, const char *key, const char *text)
{
	if (text && *text)
		json_object_set_new(object, key, text_json(text));
}

static json_t *party_json(const struct kx_party *party)
{
	return json_pack("{s:o,s:o,s:I}", "class", text_json(party->class_name), "task",
			 text_json(party->task_name), "sid", (json_int_t)party->sid);
}

static json_t *reads_json(const struct kx_trail *trail)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < read_count(trail); i++)
		json_array_append_new(list,
				      json_pack("{s:s,s:s}", "name", or_empty(trail->reads[i].name),
						"value", trail->reads[i].value));
	return list;
}

static void set_time(json_t *object)
{
	struct timespec now;
	struct tm parts;
	char text[64];
	size_t used;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &parts);
	used = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	(void)snprintf(text + used, sizeof(text) - used, ".%06ldZ", now.tv_nsec / 1000);
	set_text(object, "time", text);
}

static char *make_json(const struct record *r)
{
	const struct kx_event *event = r->event;
	json_t *root = json_object();
	char *text;

	json_object_set_new(root, "number", json_integer((json_int_t)event->number));
	set_time(root);
	set_text(root, "decision", r->granted ? "granted" : "denied");
	set_text(root, "event", kind_of(event));
	json_object_set_new(root, "src", party_json(&event->src));
	if (event->kind != KX_EVENT_SECURITY)
		json_object_set_new(root, "dst", party_json(&event->dst));
	set_text(root, "endpoint", event->endpoint);
	set_text(root, "interface", event->interface_name);
	set_text(root, "method", event->method);
	json_object_set_new(root, "riid", json_integer(event->riid));
	json_object_set_new(root, "mid", json_integer(event->mid));
	set_text(root, "message", r->message);
	set_text(root, "reason", or_empty(r->trail->reason));
	set_text(root, "rule", r->trail->rule);
	set_text(root, "file", r->trail->file);
	if (r->trail->file)
		json_object_set_new(root, "line", json_integer(r->trail->line));
	json_object_set_new(root, "read", reads_json(r->trail));
	set_text(root, "remedy", r->remedy);
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void show(const char *line, struct kx_audit_lines *lines, const char *name)
{
	if (!kx_audit_lines_take(lines, now_ns()))
		return;
	kx_audit_lines_tell(lines, name);
	kx_log("%s", line);
}

void kx_audit(const struct kx_event *event, enum kx_verdict verdict, const struct kx_trail *trail,
	      struct kx_audit_lines *lines, const char *name)
{
	char remedy[1536] = "";
	char message[MESSAGE_MAX] = "";
	struct text help = {remedy, sizeof(remedy), 0};
	struct record record = {event, trail, verdict == KX_GRANT, message, remedy};
	struct kx_audit_record made = {event->number, verdict != KX_GRANT, NULL, NULL};

	if (verdict != KX_GRANT)
		add_remedy(&help, event, trail);
	if (!kx_module_describe(event, message, sizeof(message)))
		message[0] = '\0';
	made.line = make_line(&record);
	made.json = make_json(&record);
	if (made.line)
		show(made.line, lines, or_empty(name));
	kx_audit_log_add(&made);
}
