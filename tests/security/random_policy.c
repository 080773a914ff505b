/* SPDX-License-Identifier: Apache-2.0 */
#include "random_policy.h"

uint32_t kx_random(struct kx_random *random, uint32_t below)
{
	random->state = random->state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)((random->state >> 33) % below);
}

static const char *const states[] = {"a", "b", "c"};
static const char *const classes[] = {"lights.Control", "lights.Gpio", "lights.Other"};

static const char header[] =
	"use head._\nuse nk.basic._\nuse nk.flow._\nuse nk.hashmap._\nuse nk.staticmap._\n"
	"use nk.regex._\nuse nk.mic._\n";

static const char profiles[] =
	"audit profile quiet = { 0 : {}, 1 : { s : { kss : [\"granted\"] } } }\n"
	"audit profile loud = {\n"
	"  0 : { base : { kss : [\"granted\", \"denied\"] }, i : { kss : [\"granted\"] } },\n"
	"  1 : { f : { kss : [\"granted\"] }, base : { kss : [\"denied\"] } },\n"
	"  2 : { m : { kss : [\"granted\"] }, f : { kss : [] } }\n}\n"
	"audit profile some = { 1 : { m : { kss : [\"granted\"] } }, 2 : { base : { kss : "
	"[\"granted\"] } } }\n"
	"audit default = some 1\n";

static const char probes[] =
	"request src=Einit dst=lights.Gpio method=Take {\n"
	"  choice (message.kind) {\n"
	"    40 : choice (i.query_level {source : message.thing.handle}) { \"LOW\" : grant () }\n"
	"    41 : choice (i.query_level {source : message.thing.handle}) { \"HIGH\" : grant () }\n"
	"    42 : choice (i.query_level {source : message.thing.handle}) {\n"
	"      {degree : \"HIGH\", categories : [\"x\", \"y\"]} : grant () }\n"
	"    43 : i.read {source : message.thing.handle, target : dst_sid}\n"
	"    44 : assert (message.thing.rights == 5)\n"
	"    _ : grant ()\n"
	"  }\n"
	"}\n"
	"request src=Einit dst=lights.Gpio method=Take {\n"
	"  assert (message.kind != 0 || f.query {sid : message.thing.handle} == \"a\")\n"
	"  assert (message.kind != 1 || f.query {sid : message.thing.handle} == \"b\")\n"
	"  assert (message.kind != 2 || f.query {sid : message.thing.handle} == \"c\")\n"
	"  assert (message.kind < 3 || message.kind > 18 || s.contains {sid : "
	"message.thing.handle, entry : [(message.kind - 3) & 3, 1]})\n"
	"  assert (message.kind < 19 || message.kind > 29 || m.get {sid : message.thing.handle, "
	"key : \"k\"} == message.kind - 24)\n"
	"  assert (message.kind < 30 || message.kind > 39 || m.get_uncommitted {sid : "
	"message.thing.handle, "
	"key : \"l\"} == message.kind - 34)\n"
	"}\n";

#define PICK(r, list) list[kx_random(r, sizeof(list) / sizeof(*(list)))]

/* Numbers of the message of this context, or a few that are always there. */
static const char *const fmode_in[] = {"message.value", "2", "-1", "src_sid"};
static const char *const fmode_out[] = {"message.result", "3", "dst_sid"};
static const char *const fmode_err[] = {"message.why", "1"};
static const char *const lamps_in[] = {"message.one.red",
				       "message.one.green",
				       "message.some.[1].green",
				       "message.list.[0]",
				       "message.list.[2]",
				       "message.either.number",
				       "message.small",
				       "message.large",
				       "size (message.list)",
				       "message.list.[message.one.red]",
				       "0xFFFFFFFFFFFFFFFF",
				       "-3",
				       "math.abs (message.small)",
				       "math.product [message.one.red, 7]",
				       "message.either.lamp.red",
				       "message.some.[message.small].red"};
static const char *const lamps_out[] = {"message.answer", "0", "-2"};
static const char *const always[] = {"src_sid", "dst_sid", "1", "5", "math.sum [src_sid, 4]"};

/* Conditions on texts and lists of the message of Lamps. */
static const char *const lamps_conditions[] = {
	"re.match {text : message.name, pattern : \"[x-z]*\"}", "pred.empty (message.list)",
	"pred.empty (message.name)", "message.name != \"z\"", "message.name == \"x\""};

struct context {
	struct kx_random *random;
	FILE *out;
	const char *const *numbers;
	uint32_t count;
	bool lamps_in;
	bool no_dst; /* a security event */
};

static const char *sid(struct context *c)
{
	return kx_random(c->random, 4) && !c->no_dst ? "dst_sid" : "src_sid";
}

static void number(struct context *c, unsigned int depth);
static void condition(struct context *c, unsigned int depth);

/* Of one number another: it may not fit. */
static void changed(struct context *c, unsigned int depth)
{
	static const char *const changes[] = {"math.uint8 ",
					      "math.uint16 ",
					      "math.uint32 ",
					      "math.uint64 ",
					      "math.sint8 ",
					      "math.sint16 ",
					      "math.sint32 ",
					      "math.sint64 ",
					      "math.neg ",
					      "math.abs ",
					      "-",
					      "~"};

	fprintf(c->out, "%s((%s) + ", PICK(c->random, changes),
		c->numbers[kx_random(c->random, c->count)]);
	number(c, depth - 1);
	fputc(')', c->out);
}

static void one_of_two(struct context *c, unsigned int depth,
		       void (*value)(struct context *, unsigned int))
{
	fputs("bool.cond {if : ", c->out);
	condition(c, depth - 1);
	fputs(", then : ", c->out);
	value(c, depth - 1);
	fputs(", else : ", c->out);
	value(c, depth - 1);
	fputc('}', c->out);
}

static void number(struct context *c, unsigned int depth)
{
	static const char *const ops[] = {"+", "-", "*", "&", "|"};

	if (depth && kx_random(c->random, 8) == 0) {
		changed(c, depth);
		return;
	}
	if (depth && kx_random(c->random, 12) == 0) {
		one_of_two(c, depth, number);
		return;
	}
	if (depth == 0 || kx_random(c->random, 3)) {
		fputs(c->numbers[kx_random(c->random, c->count)], c->out);
		return;
	}
	fputc('(', c->out);
	number(c, depth - 1);
	fprintf(c->out, " %s ", PICK(c->random, ops));
	number(c, depth - 1);
	fputc(')', c->out);
}

static void entry(struct context *c)
{
	fprintf(c->out, "entry : [%u, 1]", kx_random(c->random, 4));
}

static void condition(struct context *c, unsigned int depth)
{
	static const char *const compares[] = {"==", "!=", "<", "<=", ">", ">="};
	static const char *const logic[] = {"&&", "||", "==>"};

	if (c->lamps_in && kx_random(c->random, 4) == 0) {
		fputs(PICK(c->random, lamps_conditions), c->out);
		return;
	}
	switch (kx_random(c->random, depth ? 10 : 3)) {
	case 9:
		one_of_two(c, depth, condition);
		return;
	case 0:
		fprintf(c->out, "s.contains {sid : %s, ", sid(c));
		entry(c);
		fputc('}', c->out);
		return;
	case 3:
	case 4:
		fputc('(', c->out);
		condition(c, depth - 1);
		fprintf(c->out, " %s ", PICK(c->random, logic));
		condition(c, depth - 1);
		fputc(')', c->out);
		return;
	case 5:
		fputs("!(", c->out);
		condition(c, depth - 1);
		fputc(')', c->out);
		return;
	case 6:
		fprintf(c->out, "bool.%s [", kx_random(c->random, 2) ? "any" : "all");
		condition(c, depth - 1);
		fputs(", ", c->out);
		condition(c, depth - 1);
		fputs(",]", c->out);
		return;
	case 7:
		fprintf(c->out, "f.query {sid : %s} == \"%s\"", sid(c), PICK(c->random, states));
		return;
	case 8:
		fprintf(c->out, "m.get%s {sid : %s, key : \"k\"} <= ",
			kx_random(c->random, 2) ? "" : "_uncommitted", sid(c));
		number(c, 1);
		return;
	default:
		number(c, 2);
		fprintf(c->out, " %s ", PICK(c->random, compares));
		number(c, 2);
	}
}

static const char *const levels[] = {"\"LOW\"",
				     "\"MEDIUM\"",
				     "\"HIGH\"",
				     "{degree : \"LOW\", categories : [\"x\"]}",
				     "{degree : \"HIGH\", categories : [\"x\", \"y\"]}",
				     "{degree : \"MEDIUM\", categories : [\"y\"]}"};

static const char *sid_or_none(struct context *c)
{
	return kx_random(c->random, 3) ? sid(c) : "()";
}

static const char *level_or_none(struct context *c)
{
	return kx_random(c->random, 4) ? PICK(c->random, levels) : "()";
}

static void level_rule(struct context *c)
{
	static const char *const flows[] = {"call", "read", "invoke", "write"};
	static const char *const changes[] = {"create", "upgrade", "delete"};
	const char *change = PICK(c->random, changes);

	switch (kx_random(c->random, 4)) {
	case 0:
		fprintf(c->out, "i.execute {image : %s, target : %s, level : %s, levelR : %s}",
			sid_or_none(c), sid(c), level_or_none(c), level_or_none(c));
		break;
	case 1:
		fprintf(c->out, "i.%s {source : %s, target : %s, container : %s, driver : %s",
			change, sid(c), sid(c), sid_or_none(c), sid(c));
		if (change[0] != 'd')
			fprintf(c->out, ", level : %s",
				change[0] == 'c' ? level_or_none(c) : PICK(c->random, levels));
		fputc('}', c->out);
		break;
	default:
		fprintf(c->out, "i.%s {source : %s, target : %s}", PICK(c->random, flows), sid(c),
			sid(c));
	}
}

static void state_rule(struct context *c)
{
	if (kx_random(c->random, 4) == 0) {
		level_rule(c);
		return;
	}
	switch (kx_random(c->random, 8)) {
	case 0:
		fprintf(c->out, "f.allow {sid : %s, states : [\"%s\", \"%s\"]}", sid(c),
			PICK(c->random, states), PICK(c->random, states));
		break;
	case 1:
	case 2:
		fprintf(c->out, "f.enter {sid : %s, state : \"%s\"}", sid(c),
			PICK(c->random, states));
		break;
	case 3:
		fprintf(c->out, "s.add {sid : %s, ", sid(c));
		entry(c);
		fputc('}', c->out);
		break;
	case 4:
		fprintf(c->out, "s.remove {sid : %s, ", sid(c));
		entry(c);
		fputc('}', c->out);
		break;
	case 5:
		fprintf(c->out, "m.set {sid : %s, key : \"%s\", value : (0 | ", sid(c),
			kx_random(c->random, 2) ? "k" : "l");
		number(c, 1);
		fputs(")}", c->out);
		break;
	case 6:
		fprintf(c->out, "m.%s {sid : %s}", kx_random(c->random, 2) ? "commit" : "rollback",
			sid(c));
		break;
	default:
		fprintf(c->out, "%c.%s {sid : %s}", "fsm"[kx_random(c->random, 3)],
			kx_random(c->random, 2) ? "init" : "fini", sid(c));
	}
}

static void rule(struct context *c, unsigned int depth);

/* The beginning of a choice up to its second branch, by a number, a Boolean or a text. */
static void choice_by_value(struct context *c, unsigned int depth)
{
	uint32_t kind = kx_random(c->random, c->lamps_in ? 4 : 3);

	fputs("choice (", c->out);
	if (kind == 2)
		condition(c, 1);
	else if (kind == 3)
		fputs("message.name", c->out);
	else
		number(c, 1);
	fprintf(c->out, ") { %s : ", kind == 2 ? "true" : kind == 3 ? "\"x\"" : "2");
	rule(c, depth - 1);
	fprintf(c->out, " %s : { ", kind == 2 ? "false" : kind == 3 ? "\"zz\"" : "-1");
}

static void choice(struct context *c, unsigned int depth)
{
	if (kx_random(c->random, 3) == 0) {
		choice_by_value(c, depth);
	} else if (kx_random(c->random, 4) == 0) {
		fprintf(c->out, "choice i.query_level {source : %s} { %s : ", sid(c),
			PICK(c->random, levels));
		rule(c, depth - 1);
		fprintf(c->out, " %s : { ", PICK(c->random, levels));
	} else if (c->lamps_in && kx_random(c->random, 2)) {
		fputs("choice re.select {text : message.name} { \"x|y\" : ", c->out);
		rule(c, depth - 1);
		fputs(" \"z+\" : { ", c->out);
	} else {
		fprintf(c->out, "choice f.query {sid : %s} { \"%s\" : ", sid(c),
			PICK(c->random, states));
		rule(c, depth - 1);
		fprintf(c->out, " \"%s\" : { ", PICK(c->random, states));
	}
	rule(c, depth - 1);
	fputc(' ', c->out);
	rule(c, depth - 1);
	fputs(" }", c->out);
	if (kx_random(c->random, 2)) {
		fputs(" _ : ", c->out);
		rule(c, depth - 1);
	}
	fputs(" }", c->out);
}

static void rule(struct context *c, unsigned int depth)
{
	uint32_t kind = kx_random(c->random, depth ? 10 : 8);

	if (kind == 0 && kx_random(c->random, 8) == 0) {
		fprintf(c->out, "set_level (%u)", kx_random(c->random, 3));
	} else if (kind < 2) {
		fputs("grant ()", c->out);
	} else if (kind < 4) {
		fprintf(c->out, "%s (", kind == 2 ? "assert" : "deny");
		condition(c, 2);
		fputc(')', c->out);
	} else if (kind < 8) {
		state_rule(c);
	} else {
		choice(c, depth);
	}
}

static void rules(struct context *c)
{
	uint32_t count = 1 + kx_random(c->random, 3);

	if (kx_random(c->random, 4) == 0)
		fprintf(c->out, "\n    audit %s", kx_random(c->random, 2) ? "loud" : "quiet");
	for (uint32_t i = 0; i < count; i++) {
		fputs("\n    ", c->out);
		rule(c, 2);
	}
}

static void method_block(struct kx_random *random, FILE *out)
{
	static const struct {
		const char *kind, *method;
		const char *const *numbers;
		uint32_t count;
	} about[] = {
		{"request", "FMode", fmode_in, sizeof(fmode_in) / sizeof(*fmode_in)},
		{"request", "Lamps", lamps_in, sizeof(lamps_in) / sizeof(*lamps_in)},
		{"response", "FMode", fmode_out, sizeof(fmode_out) / sizeof(*fmode_out)},
		{"response", "Lamps", lamps_out, sizeof(lamps_out) / sizeof(*lamps_out)},
		{"error", "FMode", fmode_err, sizeof(fmode_err) / sizeof(*fmode_err)},
		{"request", "Stop", always, sizeof(always) / sizeof(*always)},
		{"response", "Stop", always, sizeof(always) / sizeof(*always)},
	};
	uint32_t which = kx_random(random, sizeof(about) / sizeof(*about));
	bool request = about[which].kind[2] == 'q';
	struct context c = {
		random, out, about[which].numbers, about[which].count, request && which == 1,
		false};

	fprintf(out, "%s %s=lights.Gpio {\n  match %s=%s method=%s {", about[which].kind,
		request ? "dst" : "src", request ? "src" : "dst", PICK(random, classes),
		about[which].method);
	rules(&c);
	fputs("\n  }\n}\n", out);
}

static void security_block(struct kx_random *random, FILE *out)
{
	static const char *const check[] = {"message.level", "message.mark", "src_sid", "-1",
					    "math.neg (message.level)"};
	static const char *const leave[] = {"src_sid", "3"};
	bool checks = kx_random(random, 2);
	struct context c = {
		random, out, checks ? check : leave, checks ? sizeof(check) / sizeof(*check) : 2,
		false,  true};

	fprintf(out, "security src=lights.Control {\n  match %smethod=%s {",
		kx_random(random, 2) ? "interface=lights.ISafe " : "", checks ? "Check" : "Leave");
	rules(&c);
	fputs("\n  }\n}\n", out);
}

static void general_block(struct kx_random *random, FILE *out)
{
	static const char *const kinds[] = {"request", "response", "error"};
	static const char *const selectors[] = {"component=lights.CGpio", "endpoint=gpio.mode",
						"interface=lights.IMode", ""};
	uint32_t which = kx_random(random, 3);
	struct context c = {random, out, always, sizeof(always) / sizeof(*always), false, false};

	fprintf(out, "%s %s=%s %s {\n", kinds[which], which ? "dst" : "src", PICK(random, classes),
		PICK(random, selectors));
	if (kx_random(random, 3))
		fputs("    grant ()", out);
	else
		rules(&c);
	fputs("\n}\n", out);
}

static void object_f(struct kx_random *random, FILE *out)
{
	fputs("policy object f : Flow {\n  type State = \"a\" | \"b\" | \"c\"\n  config = {\n"
	      "    states : [\"a\", \"b\", \"c\"], initial : \"a\", transitions : {\n",
	      out);
	for (int i = 0; i < 3; i++)
		fprintf(out, "      \"%s\" : [\"%s\", \"%s\"],\n", states[i], PICK(random, states),
			PICK(random, states));
	fputs("    }\n  }\n}\n", out);
}

void kx_random_policy(struct kx_random *random, FILE *out)
{
	struct context start = {random, out,  always, sizeof(always) / sizeof(*always),
				false,  false};

	fputs(header, out);
	fputs(profiles, out);
	object_f(random, out);
	fputs("policy object s : HashSet {\n  type Entry = [UInt32, UInt32]\n"
	      "  config = { set_size : 3, pool_size : 4 }\n}\n"
	      "policy object m : StaticMap {\n  type Value = SInt32\n"
	      "  config = { keys : { \"k\" : -2, \"l\" : 3 }, pool_size : 5 }\n}\n"
	      "policy object i : Mic {\n  config = { degrees : [\"LOW\", \"MEDIUM\", \"HIGH\"],\n"
	      "    categories : [\"x\", \"y\"] }\n}\n"
	      "execute { grant () }\nexecute dst=lights.Gpio {\n    f.init {sid : dst_sid}\n"
	      "    s.init {sid : dst_sid}\n    m.init {sid : dst_sid}\n",
	      out);
	if (kx_random(random, 2))
		rule(&start, 1);
	fputs("\n}\nexecute dst=lights.Control { f.init {sid : dst_sid} m.init {sid : dst_sid} }\n",
	      out);
	for (int i = 0; i < 3; i++)
		fprintf(out,
			"execute dst=%s { i.execute {image : (), target : dst_sid, level : %s, "
			"levelR : ()} }\n",
			classes[i], PICK(random, levels));
	fputs(probes, out);
	fputs("request dst=kl.core.Core { grant () }\nresponse { grant () }\n", out);
	for (int i = 0; i < 3; i++)
		fprintf(out, "request src=%s { grant () }\n", classes[i]);
	for (int i = 0; i < 14; i++)
		method_block(random, out);
	for (int i = 0; i < 4; i++)
		general_block(random, out);
	fputs("security src=lights.Control { grant () }\n", out);
	for (int i = 0; i < 3; i++)
		security_block(random, out);
}
