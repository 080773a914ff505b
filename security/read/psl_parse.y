/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Grammar of PSL, the union of what SDK 1.0 to 1.4 accept, and of PAL. Layout
 * means nothing. Only shape is checked here.
 *
 * A rule's argument is any expression, so `assert (a)`, `assert a` and
 * `assert (a) || (b)` are the same grammar. Inside expressions a call needs
 * ( [ or { behind its name.
 */

%require "3.8"
%define api.pure full
%define api.prefix {kx_psl_yy}
%define api.location.type {struct kx_loc}
%define parse.error custom
%define parse.lac full
%locations
%param {void *scanner}
%parse-param {struct kx_psl_parse *parse}

%code requires {
#include "psl_session.h"
}

%code {
#include <string.h>

#include "psl_build.h"

#define YYMAXDEPTH 20000
#define YYLLOC_DEFAULT(out, rhs, n) ((out) = (n) ? join_locs(&YYRHSLOC(rhs, 1), &YYRHSLOC(rhs, n)) \
						 : YYRHSLOC(rhs, 0))

static struct kx_loc join_locs(const struct kx_loc *first, const struct kx_loc *last)
{
	struct kx_loc loc = *first;

	loc.end_line = last->end_line;
	loc.end_column = last->end_column;
	return loc;
}

static void kx_psl_yyerror(struct kx_loc *loc, void *scanner, struct kx_psl_parse *parse,
			   const char *text)
{
	(void)scanner;
	kx_error(parse->diag, loc, "%s", strcmp(text, "memory exhausted") == 0 ? "nested too deeply" : text);
}
}

%union {
	const char *word;
	uint64_t number;
	enum kx_psl_event_kind event;
	struct kx_psl_text text;
	struct kx_psl_word name;
	struct kx_psl_expr *expr;
	struct kx_psl_list list;
	struct kx_psl_type *type;
	struct kx_psl_object *object;
	struct kx_psl_item *item;
	struct kx_psl_option *option;
	struct kx_psl_selector *selector;
	struct kx_psl_case *pal_case;
	struct kx_psl_assert *pal_assert;
}

%token T_END 0 "the end of the file"
%token <word> T_NAME "a name"
%token <number> T_NUMBER "a number" T_NEGATIVE "a negative number"
%token <text> T_TEXT "a text"
%token T_UNDERSCORE "'_'"
%token T_IMPLIES "'==>'" T_EQ "'=='" T_NE "'!='" T_LE "'<='" T_GE "'>='" T_AND "'&&'" T_OR "'||'"
%token <word> T_CALLS "a name and '~>'" T_BINDS "a name and '<-'"
%token <word> T_EDL "'EDL'" T_ANY "'any'" T_ASSERT "'assert'" T_AUDIT "'audit'" T_CHOICE "'choice'"
%token <word> T_CLASS "'class'" T_CONFIG "'config'" T_DEFAULT "'default'" T_DENY "'deny'"
%token <word> T_ERROR_EVENT "'error'" T_EXECUTE "'execute'" T_FALSE "'false'" T_FINALLY "'finally'"
%token <word> T_GRANT "'grant'" T_MATCH "'match'" T_OBJECT "'object'" T_POLICY "'policy'"
%token <word> T_PROFILE "'profile'" T_REQUEST "'request'" T_RESPONSE "'response'"
%token <word> T_SECURITY "'security'" T_SEQUENCE "'sequence'" T_SETUP "'setup'" T_TASK "'task'"
%token <word> T_TRUE "'true'" T_TYPE "'type'" T_USE "'use'"

%type <word> word
%type <name> name qname title
%type <event> event
%type <expr> expr chosen primary argument value literal fields message
%type <list> items_of_list field_list items options selectors cases sequences types type_fields
%type <item> item rule choice action
%type <option> option
%type <selector> selector
%type <type> type type_atom
%type <object> params
%type <pal_case> case operation titled verdict
%type <pal_assert> pal_parts

%right T_IMPLIES
%left T_OR
%left T_AND
%nonassoc T_EQ T_NE '<' T_LE '>' T_GE
%left '|'
%left '&'
%left '+' '-'
%left '*'
%precedence UNARY
/* A name with a dictionary behind it is a call, even where a branch could begin with one. */
%precedence ALONE
%precedence '{'

%%

file:
	%empty
|	file decl
|	file error
;

decl:
	T_USE qname '.' T_UNDERSCORE { kx_psl_add_use(parse, &$2, NULL, false); }
|	T_USE T_EDL qname { kx_psl_add_use(parse, &$3, NULL, true); }
|	T_USE T_EDL qname '.' T_UNDERSCORE { kx_psl_bad_edl(parse, &$3); }
|	T_TASK T_CLASS qname ':' qname { kx_psl_add_use(parse, &$5, &$3, true); }
|	T_EXECUTE ':' qname { kx_psl_set_execute(parse, &$3); }
|	T_AUDIT T_DEFAULT '=' name T_NUMBER { kx_psl_set_audit(parse, &$4, $5); }
|	T_AUDIT T_PROFILE name '=' value { kx_psl_add_profile(parse, &$3, $5); }
|	T_POLICY T_OBJECT name ':' name '{' params '}' { kx_psl_add_object(parse, &$3, &$5, $7); }
|	event '{' items '}' { kx_psl_add_binding(parse, $1, NULL, $3.first, &@$); }
|	event selectors '{' items '}' { kx_psl_add_binding(parse, $1, $2.first, $4.first, &@$); }
|	T_ASSERT title '{' pal_parts '}' { kx_psl_add_assert(parse, &$2, $4, &@1); }
;

event:
	T_EXECUTE { $$ = KX_PSL_EXECUTE; }
|	T_REQUEST { $$ = KX_PSL_REQUEST; }
|	T_RESPONSE { $$ = KX_PSL_RESPONSE; }
|	T_ERROR_EVENT { $$ = KX_PSL_ERROR; }
|	T_SECURITY { $$ = KX_PSL_SECURITY; }
;

/* ---- policy objects ---- */

params:
	%empty { $$ = kx_psl_make_object(parse); }
|	params T_TYPE name '=' type { $$ = $1; kx_psl_object_type(parse, $$, &$3, $5); }
|	params T_CONFIG '=' value { $$ = $1; kx_psl_object_config(parse, $$, $4, &@2); }
|	params ','
;

type:
	type_atom
|	type '|' type_atom { $$ = kx_psl_variant(parse, $1, $3, &@$); }
;

type_atom:
	T_NAME { $$ = kx_psl_make_type(parse, KX_PSL_TYPE_NAME, &@$, $1, NULL); }
|	T_NAME '<' types '>' { $$ = kx_psl_make_type(parse, KX_PSL_TYPE_GENERIC, &@$, $1, &$3); }
|	T_TEXT { $$ = kx_psl_make_type(parse, KX_PSL_TYPE_TEXT, &@$, $1.text, NULL); }
|	T_NUMBER { $$ = kx_psl_make_type(parse, KX_PSL_TYPE_INT, &@$, NULL, NULL); $$->number = $1; }
|	'-' T_NUMBER {
		$$ = kx_psl_make_type(parse, KX_PSL_TYPE_INT, &@$, NULL, NULL);
		$$->number = $2;
		$$->negative = true;
	}
|	'(' ')' { $$ = kx_psl_make_type(parse, KX_PSL_TYPE_UNIT, &@$, NULL, NULL); }
|	'(' type ')' { $$ = $2; }
|	'{' '}' { $$ = kx_psl_make_type(parse, KX_PSL_TYPE_DICT, &@$, NULL, NULL); }
|	'{' type_fields comma '}' { $$ = kx_psl_make_type(parse, KX_PSL_TYPE_DICT, &@$, NULL, &$2); }
|	'[' types comma ']' { $$ = kx_psl_make_type(parse, KX_PSL_TYPE_TUPLE, &@$, NULL, &$2); }
;

types:
	type { $$ = (struct kx_psl_list){0}; kx_psl_append_type(&$$, $1); }
|	types ',' type { $$ = $1; kx_psl_append_type(&$$, $3); }
;

type_fields:
	word ':' type { $$ = (struct kx_psl_list){0}; $3->key = $1; kx_psl_append_type(&$$, $3); }
|	type_fields ',' word ':' type { $$ = $1; $5->key = $3; kx_psl_append_type(&$$, $5); }
;

/* ---- bindings ---- */

selectors:
	selector { $$ = (struct kx_psl_list){0}; kx_psl_append_selector(&$$, $1); }
|	selectors selector { $$ = $1; kx_psl_append_selector(&$$, $2); }
|	selectors ',' selector { $$ = $1; kx_psl_append_selector(&$$, $3); }
;

selector:
	T_NAME '=' qname { $$ = kx_psl_make_selector(parse, $1, &@1, &$3); }
;

items:
	%empty { $$ = (struct kx_psl_list){0}; }
|	items item { $$ = $1; kx_psl_append_item(&$$, $2); }
|	items error { $$ = $1; }
;

item:
	rule
|	T_AUDIT name { $$ = kx_psl_make_item(parse, KX_PSL_AUDIT, &@$); $$->word = $2; }
|	T_MATCH selectors '{' items '}' {
		$$ = kx_psl_make_item(parse, KX_PSL_MATCH, &@$);
		$$->block = kx_psl_make_block(parse, $2.first, $4.first, &@$);
	}
|	choice
;

choice:
	T_CHOICE chosen '{' options '}' {
		$$ = kx_psl_make_item(parse, KX_PSL_CHOICE, &@$);
		$$->expr = $2;
		$$->options = $4.first;
	}
;

chosen:
	name argument { $$ = kx_psl_make_call(parse, NULL, &$1, $2, &@$); }
|	name '.' name argument { $$ = kx_psl_make_call(parse, &$1, &$3, $4, &@$); }
|	'(' expr ')' { $$ = $2; }
;

rule:
	name expr {
		$$ = kx_psl_make_item(parse, KX_PSL_RULE, &@$);
		$$->expr = kx_psl_make_call(parse, NULL, &$1, $2, &@$);
	}
|	name '.' name expr {
		$$ = kx_psl_make_item(parse, KX_PSL_RULE, &@$);
		$$->expr = kx_psl_make_call(parse, &$1, &$3, $4, &@$);
	}
;

options:
	%empty { $$ = (struct kx_psl_list){0}; }
|	options option { $$ = $1; kx_psl_append_option(&$$, $2); }
|	options ','
|	options error { $$ = $1; }
;

action:
	rule
|	choice
;

option:
	literal ':' action { $$ = kx_psl_make_option(parse, $1, $3, &@1); }
|	literal ':' '{' items '}' { $$ = kx_psl_make_option(parse, $1, $4.first, &@1); }
|	fields ':' action { $$ = kx_psl_make_option(parse, $1, $3, &@1); }
|	fields ':' '{' items '}' { $$ = kx_psl_make_option(parse, $1, $4.first, &@1); }
|	T_NEGATIVE ':' action {
		$$ = kx_psl_make_option(parse, kx_psl_make_negative(parse, $1, &@1), $3, &@1);
	}
|	T_NEGATIVE ':' '{' items '}' {
		$$ = kx_psl_make_option(parse, kx_psl_make_negative(parse, $1, &@1), $4.first,
					&@1);
	}
|	T_UNDERSCORE ':' action { $$ = kx_psl_make_option(parse, NULL, $3, &@1); }
|	T_UNDERSCORE ':' '{' items '}' { $$ = kx_psl_make_option(parse, NULL, $4.first, &@1); }
;

/* ---- expressions ---- */

expr:
	primary
|	'!' expr %prec UNARY { $$ = kx_psl_make_op(parse, KX_PSL_NOT, $2, NULL, &@$); }
|	'~' expr %prec UNARY { $$ = kx_psl_make_op(parse, KX_PSL_FLIP, $2, NULL, &@$); }
|	'-' expr %prec UNARY { $$ = kx_psl_make_op(parse, KX_PSL_NEG, $2, NULL, &@$); }
|	expr T_IMPLIES expr { $$ = kx_psl_make_op(parse, KX_PSL_IMPLIES, $1, $3, &@$); }
|	expr T_OR expr { $$ = kx_psl_make_op(parse, KX_PSL_OR, $1, $3, &@$); }
|	expr T_AND expr { $$ = kx_psl_make_op(parse, KX_PSL_AND, $1, $3, &@$); }
|	expr T_EQ expr { $$ = kx_psl_make_op(parse, KX_PSL_EQ, $1, $3, &@$); }
|	expr T_NE expr { $$ = kx_psl_make_op(parse, KX_PSL_NE, $1, $3, &@$); }
|	expr '<' expr { $$ = kx_psl_make_op(parse, KX_PSL_LT, $1, $3, &@$); }
|	expr T_LE expr { $$ = kx_psl_make_op(parse, KX_PSL_LE, $1, $3, &@$); }
|	expr '>' expr { $$ = kx_psl_make_op(parse, KX_PSL_GT, $1, $3, &@$); }
|	expr T_GE expr { $$ = kx_psl_make_op(parse, KX_PSL_GE, $1, $3, &@$); }
|	expr '|' expr { $$ = kx_psl_make_op(parse, KX_PSL_BIT_OR, $1, $3, &@$); }
|	expr '&' expr { $$ = kx_psl_make_op(parse, KX_PSL_BIT_AND, $1, $3, &@$); }
|	expr '+' expr { $$ = kx_psl_make_op(parse, KX_PSL_ADD, $1, $3, &@$); }
|	expr '-' expr { $$ = kx_psl_make_op(parse, KX_PSL_SUB, $1, $3, &@$); }
|	expr '*' expr { $$ = kx_psl_make_op(parse, KX_PSL_MUL, $1, $3, &@$); }
;

primary:
	value
|	name %prec ALONE { $$ = kx_psl_make_name(parse, &$1); }
|	'(' expr ')' { $$ = $2; $$->loc = @$; }
|	primary '.' name %prec ALONE { $$ = kx_psl_make_field(parse, $1, &$3, &@$); }
|	primary '.' '[' expr ']' { $$ = kx_psl_make_index(parse, $1, $4, &@$); }
|	name argument { $$ = kx_psl_make_call(parse, NULL, &$1, $2, &@$); }
|	primary '.' name argument { $$ = kx_psl_make_method(parse, $1, &$3, $4, &@$); }
;

/* What may stand behind the name of a call inside an expression. */
argument:
	fields
|	'(' ')' { $$ = kx_psl_make_literal(parse, KX_PSL_UNIT, &@$); }
|	'(' expr ')' { $$ = $2; }
|	'[' items_of_list comma ']' { $$ = kx_psl_make_list(parse, KX_PSL_LIST, &$2, &@$); }
|	'[' ']' { $$ = kx_psl_make_list(parse, KX_PSL_LIST, NULL, &@$); }
;

value:
	literal
|	fields
|	'(' ')' { $$ = kx_psl_make_literal(parse, KX_PSL_UNIT, &@$); }
|	'[' items_of_list comma ']' { $$ = kx_psl_make_list(parse, KX_PSL_LIST, &$2, &@$); }
|	'[' ']' { $$ = kx_psl_make_list(parse, KX_PSL_LIST, NULL, &@$); }
;

literal:
	T_NUMBER { $$ = kx_psl_make_literal(parse, KX_PSL_INT, &@$); $$->number = $1; }
|	T_TEXT {
		$$ = kx_psl_make_literal(parse, KX_PSL_TEXT, &@$);
		$$->text = $1.text;
		$$->len = $1.len;
	}
|	T_TRUE { $$ = kx_psl_make_literal(parse, KX_PSL_BOOL, &@$); $$->number = 1; }
|	T_FALSE { $$ = kx_psl_make_literal(parse, KX_PSL_BOOL, &@$); }
;

fields:
	'{' '}' { $$ = kx_psl_make_list(parse, KX_PSL_DICT, NULL, &@$); }
|	'{' field_list comma '}' { $$ = kx_psl_make_list(parse, KX_PSL_DICT, &$2, &@$); }
;

field_list:
	word ':' expr { $$ = (struct kx_psl_list){0}; kx_psl_append_field(&$$, $1, &@1, $3); }
|	literal ':' expr { $$ = (struct kx_psl_list){0}; kx_psl_append_literal(parse, &$$, $1, $3); }
|	field_list ',' word ':' expr { $$ = $1; kx_psl_append_field(&$$, $3, &@3, $5); }
|	field_list ',' literal ':' expr { $$ = $1; kx_psl_append_literal(parse, &$$, $3, $5); }
;

items_of_list:
	expr { $$ = (struct kx_psl_list){0}; kx_psl_append_expr(&$$, $1); }
|	items_of_list ',' expr { $$ = $1; kx_psl_append_expr(&$$, $3); }
;

comma:
	%empty
|	','
;

/* ---- PAL ---- */

title:
	%empty { $$ = (struct kx_psl_word){0}; }
|	T_TEXT { $$ = (struct kx_psl_word){$1.text, @1}; }
;

pal_parts:
	%empty { $$ = kx_psl_make_assert(parse); }
|	pal_parts T_SETUP '{' cases '}' { $$ = $1; kx_psl_set_block(parse, &$$->setup, $4.first, "setup", &@2); }
|	pal_parts T_FINALLY '{' cases '}' { $$ = $1; kx_psl_set_block(parse, &$$->finally, $4.first, "finally", &@2); }
|	pal_parts T_SEQUENCE title '{' sequences '}' { $$ = $1; kx_psl_add_sequence(parse, $$, &$3, $5.first, &@2); }
;

sequences: cases ;

cases:
	%empty { $$ = (struct kx_psl_list){0}; }
|	cases case { $$ = $1; kx_psl_append_case(&$$, $2); }
|	cases error { $$ = $1; }
;

case:
	T_BINDS verdict {
		$$ = $2;
		$$->variable = (struct kx_psl_word){$1, @1};
		$$->loc = @$;
	}
|	verdict
;

verdict:
	titled { $$ = $1; $$->loc = @$; }
|	T_GRANT titled { $$ = $2; $$->loc = @$; }
|	T_DENY titled { $$ = $2; $$->loc = @$; $$->expect = KX_PSL_DENIED; }
|	T_ANY titled { $$ = $2; $$->loc = @$; $$->expect = KX_PSL_ANY; }
;

titled:
	operation
|	T_TEXT operation { $$ = $2; $$->title = $1.text; }
;

operation:
	event selectors message { $$ = kx_psl_make_case(parse, $1, $2.first, $3); }
|	event message { $$ = kx_psl_make_case(parse, $1, NULL, $2); }
|	T_CALLS qname ':' qname message {
		$$ = kx_psl_make_short_case(parse, &(struct kx_psl_word){$1, @1}, &$2, &$4, $5);
	}
;

message:
	%empty { $$ = NULL; }
|	fields
;

/* ---- names ---- */

qname:
	word { $$ = (struct kx_psl_word){$1, @1}; }
|	qname '.' T_NAME { $$ = kx_psl_join(parse, &$1, $3, &@3); }
;

/* Words that may begin a rule or an expression. */
name:
	T_NAME { $$ = (struct kx_psl_word){$1, @1}; }
|	T_ASSERT { $$ = (struct kx_psl_word){$1, @1}; }
|	T_GRANT { $$ = (struct kx_psl_word){$1, @1}; }
|	T_DENY { $$ = (struct kx_psl_word){$1, @1}; }
;

word:
	T_NAME | T_EDL | T_ANY | T_ASSERT | T_AUDIT | T_CHOICE | T_CLASS | T_CONFIG | T_DEFAULT
|	T_DENY | T_ERROR_EVENT | T_EXECUTE | T_FINALLY | T_GRANT | T_MATCH | T_OBJECT
|	T_POLICY | T_PROFILE | T_REQUEST | T_RESPONSE | T_SECURITY | T_SEQUENCE | T_SETUP | T_TASK
|	T_TYPE | T_USE
;

%%

/* Where a name or an expression fits, that alone is worth saying. */
static size_t pick_expected(const yypcontext_t *context, const char **names, size_t max)
{
	yysymbol_kind_t kinds[YYNTOKENS];
	int count = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
	bool name_fits = false;
	size_t picked = 0;

	for (int i = 0; i < count; i++)
		if (kinds[i] == YYSYMBOL_T_NAME)
			name_fits = true;
	for (int i = 0; i < count && picked < max; i++) {
		bool keyword = kinds[i] >= YYSYMBOL_T_EDL && kinds[i] <= YYSYMBOL_T_USE;

		if (name_fits && keyword)
			continue;
		names[picked++] = yysymbol_name(kinds[i]);
	}
	return picked;
}

static bool holds(const char **names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

#define MANY 7u /* more possibilities than that help nobody */

static const char *join_expected(struct kx_psl_parse *parse, const char **names, size_t count)
{
	const char *text = names[0];

	for (size_t i = 1; i < count; i++)
		text = kx_pool_format(parse->pool, "%s%s%s", text, i + 1 == count ? " or " : ", ",
				      names[i]);
	return text;
}

static int yyreport_syntax_error(const yypcontext_t *context, void *scanner,
				 struct kx_psl_parse *parse)
{
	const struct kx_loc *loc = yypcontext_location(context);
	yysymbol_kind_t token = yypcontext_token(context);
	const char *names[YYNTOKENS];
	size_t count = pick_expected(context, names, YYNTOKENS);
	const char *got = token == YYSYMBOL_YYEOF
				  ? "the end of the file"
				  : kx_pool_format(parse->pool, "'%.60s'", kx_psl_text_at(parse, loc));
	const char *guess = token == YYSYMBOL_T_NAME
				    ? kx_psl_guess_keyword(parse, kx_psl_text_at(parse, loc), names, count)
				    : "";

	(void)scanner;
	if (parse->unclosed)
		return 0;
	parse->unclosed = parse->part;
	if (!*guess)
		guess = kx_psl_syntax_hint(parse, loc, holds(names, count, "'_'"));
	if (!*guess && count == 1)
		guess = kx_psl_missing_hint(names[0], got);
	if (count == 0 || count > MANY)
		kx_error(parse->diag, loc, "%s is not expected here%s", got, guess);
	else
		kx_error(parse->diag, loc, "expected %s, got %s%s",
			 join_expected(parse, names, count), got, guess);
	return 0;
}
