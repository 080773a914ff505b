/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Grammar of IDL, CDL and EDL, the union of what SDK 1.0 to 1.4 accept. Only
 * shape is checked here; check.c knows what names mean.
 *
 * After an error the parser goes on behind the next ';' or '}', so one run
 * reports several mistakes.
 */

%require "3.8"
%define api.pure full
%define api.prefix {kx_nk_yy}
%define api.location.type {struct kx_loc}
%define parse.error custom
%define parse.lac full
%locations
%param {void *scanner}
%parse-param {struct kx_nk_parse *parse}

%code requires {
#include "session.h"
}

%code {
#include <ctype.h>
#include <string.h>

int kx_nk_yylex(union KX_NK_YYSTYPE *value, struct kx_loc *loc, void *scanner);
int kx_nk_yylex_init_extra(struct kx_nk_parse *parse, void **scanner);
int kx_nk_yylex_destroy(void *scanner);
struct yy_buffer_state *kx_nk_yy_scan_bytes(const char *bytes, int len, void *scanner);

#define YYMAXDEPTH 4000
#define YYLLOC_DEFAULT(out, rhs, n) ((out) = (n) ? join_locs(&YYRHSLOC(rhs, 1), &YYRHSLOC(rhs, n)) \
						 : YYRHSLOC(rhs, 0))
#define POOL (&parse->nk->pool)
#define DIAG (&parse->nk->diag)

static struct kx_loc join_locs(const struct kx_loc *first, const struct kx_loc *last)
{
	struct kx_loc loc = *first;

	loc.end_line = last->end_line;
	loc.end_column = last->end_column;
	return loc;
}

static void kx_nk_yyerror(struct kx_loc *loc, void *scanner, struct kx_nk_parse *parse,
			  const char *text)
{
	(void)scanner;
	parse->syntax_error = true;
	kx_error(DIAG, loc, "%s", strcmp(text, "memory exhausted") == 0 ? "nested too deeply" : text);
}

/* Builders of the tree, in build.c. */
#include "build.h"
}

%union {
	const char *word;
	uint64_t number;
	struct kx_nk_word name;
	struct kx_nk_expr *expr;
	struct kx_nk_type *type;
	struct kx_nk_field *field;
	struct kx_nk_fields fields;
	struct kx_nk_methods methods;
	struct kx_nk_method *method;
	struct kx_nk_instances instances;
	struct kx_nk_instance *instance;
	enum kx_nk_direction direction;
	bool flag;
}

%token T_END 0 "the end of the file"
%token T_START_IDL T_START_CDL T_START_EDL
%token <word> T_NAME "a name"
%token <number> T_NUMBER "a number"
%token T_POW "'**'" T_SHL "'<<'" T_SHR "'>>'"
%token <word> T_ARRAY "'array'" T_BYTES "'bytes'" T_CLASS "'class'" T_COMPONENT "'component'"
%token <word> T_COMPONENTS "'components'" T_CONST "'const'" T_ENDPOINTS "'endpoints'"
%token <word> T_ENTITY "'entity'" T_ERROR "'error'" T_HANDLE "'handle'" T_IMPORT "'import'"
%token <word> T_IN "'in'" T_INTERFACE "'interface'" T_INTERFACES "'interfaces'" T_OUT "'out'"
%token <word> T_PACKAGE "'package'" T_SECURITY "'security'" T_SEQUENCE "'sequence'"
%token <word> T_STRING "'string'" T_STRUCT "'struct'" T_TASK "'task'" T_TYPEDEF "'typedef'"
%token <word> T_UNION "'union'"

%type <word> word
%type <name> name dotted
%type <expr> expr
%type <type> type bounded
%type <fields> members params param_list
%type <field> member param
%type <direction> direction
%type <methods> methods
%type <method> method
%type <instances> entries
%type <instance> entry

/* A mistake right behind the name must not lose the name. */
%precedence HEADER
%precedence error

%left T_SHL T_SHR
%left '+' '-'
%left '*'
%precedence SIGN
%right T_POW

%%

file:
	T_START_IDL package items
|	T_START_CDL component sections
|	T_START_EDL task sections
;

/* ---- IDL ---- */

package:
	T_PACKAGE dotted %prec HEADER { kx_nk_set_name(parse, &$2); }
|	T_PACKAGE dotted error { kx_nk_set_name(parse, &$2); }
;

items:
	%empty
|	items item
;

item:
	T_IMPORT dotted { kx_nk_add_import(parse, &$2); }
|	T_CONST type name '=' expr ';' { kx_nk_add_const(parse, &$3, $2, $5); }
|	T_TYPEDEF type name ';' { kx_nk_add_typedef(parse, &$3, $2); }
|	T_STRUCT name '{' members '}' { kx_nk_add_record(parse, KX_NK_DEF_STRUCT, &$2, $4.first); }
|	T_UNION name '{' members '}' { kx_nk_add_record(parse, KX_NK_DEF_UNION, &$2, $4.first); }
|	T_INTERFACE '{' methods '}' { kx_nk_set_interface(parse, &@1, &$3); }
|	';' { kx_nk_stray_semicolon(parse, &@1); }
|	error ';'
|	error '}'
;

members:
	%empty { $$ = (struct kx_nk_fields){0}; }
|	members member { $$ = $1; kx_nk_append_field(&$$, $2); }
|	members error ';' { $$ = $1; yyerrok; }
;

member:
	type name ';' { $$ = kx_nk_make_field(parse, &$2, $1, KX_NK_IN); }
;

methods:
	%empty { $$ = (struct kx_nk_methods){0}; }
|	methods method { $$ = $1; kx_nk_append_method(&$$, $2); }
|	methods error ';' { $$ = $1; yyerrok; }
;

method:
	name '(' params ')' ';' { $$ = kx_nk_make_method(parse, &$1, $3.first); }
;

params:
	%empty { $$ = (struct kx_nk_fields){0}; }
|	param_list
;

param_list:
	param { $$ = (struct kx_nk_fields){0}; kx_nk_append_field(&$$, $1); }
|	param_list ',' param { $$ = $1; kx_nk_append_field(&$$, $3); }
;

param:
	direction type name { $$ = kx_nk_make_field(parse, &$3, $2, $1); }
;

direction:
	T_IN { $$ = KX_NK_IN; }
|	T_OUT { $$ = KX_NK_OUT; }
|	T_ERROR { $$ = KX_NK_ERR; }
;

type:
	dotted { $$ = kx_nk_make_named(parse, &$1); }
|	bounded
|	T_HANDLE '<' dotted '>' { $$ = kx_nk_make_handle(parse, &@$, $3.text); }
|	T_HANDLE '<' '>' { $$ = kx_nk_make_handle(parse, &@$, NULL); }
;

bounded:
	T_STRING '<' expr '>' { $$ = kx_nk_make_bounded(parse, KX_NK_STRING, &@$, NULL, $3); }
|	T_BYTES '<' expr '>' { $$ = kx_nk_make_bounded(parse, KX_NK_BYTES, &@$, NULL, $3); }
|	T_ARRAY '<' type ',' expr '>' { $$ = kx_nk_make_bounded(parse, KX_NK_ARRAY, &@$, $3, $5); }
|	T_SEQUENCE '<' type ',' expr '>' { $$ = kx_nk_make_bounded(parse, KX_NK_SEQUENCE, &@$, $3, $5); }
;

expr:
	T_NUMBER { $$ = kx_nk_make_number(parse, &@1, $1); }
|	dotted { $$ = kx_nk_make_const_ref(parse, &$1); }
|	'(' expr ')' { $$ = $2; $$->loc = @$; }
|	'+' expr %prec SIGN { $$ = kx_nk_make_op(parse, KX_NK_PLUS, &@$, $2, NULL); }
|	'-' expr %prec SIGN { $$ = kx_nk_make_op(parse, KX_NK_NEG, &@$, $2, NULL); }
|	expr '+' expr { $$ = kx_nk_make_op(parse, KX_NK_ADD, &@$, $1, $3); }
|	expr '-' expr { $$ = kx_nk_make_op(parse, KX_NK_SUB, &@$, $1, $3); }
|	expr '*' expr { $$ = kx_nk_make_op(parse, KX_NK_MUL, &@$, $1, $3); }
|	expr T_POW expr { $$ = kx_nk_make_op(parse, KX_NK_POW, &@$, $1, $3); }
|	expr T_SHL expr { $$ = kx_nk_make_op(parse, KX_NK_SHL, &@$, $1, $3); }
|	expr T_SHR expr { $$ = kx_nk_make_op(parse, KX_NK_SHR, &@$, $1, $3); }
;

/* ---- CDL and EDL ---- */

component:
	T_COMPONENT dotted %prec HEADER { kx_nk_set_name(parse, &$2); }
|	T_COMPONENT dotted error { kx_nk_set_name(parse, &$2); }
;

task:
	entity_words dotted %prec HEADER { kx_nk_set_name(parse, &$2); }
|	entity_words dotted error { kx_nk_set_name(parse, &$2); }
;

entity_words:
	T_ENTITY
|	T_TASK T_CLASS { parse->unit->task_class = true; }
;

sections:
	%empty
|	sections section
;

section:
	T_SECURITY dotted { kx_nk_set_security(parse, &@1, &$2); }
|	T_COMPONENTS '{' entries '}' { kx_nk_add_instances(parse, true, $3.first); }
|	endpoints_word '{' entries '}' { kx_nk_add_instances(parse, false, $3.first); }
|	endpoints_word '{' entries error '}' { kx_nk_add_instances(parse, false, $3.first); yyerrok; }
|	T_COMPONENTS '{' entries error '}' { kx_nk_add_instances(parse, true, $3.first); yyerrok; }
|	';' { kx_nk_stray_semicolon(parse, &@1); }
|	error '}' { yyerrok; }
;

endpoints_word:
	T_ENDPOINTS
|	T_INTERFACES
;

entries:
	%empty { $$ = (struct kx_nk_instances){0}; }
|	entries entry { $$ = $1; kx_nk_append_instance(&$$, $2); }
;

entry:
	name ':' dotted { $$ = kx_nk_make_instance(parse, &$1, &$3); }
;

/* ---- names: every keyword is a name where no keyword can stand ---- */

dotted:
	name
|	dotted '.' name { $$ = kx_nk_join_names(parse, &$1, &$3); }
;

name:
	word { $$ = (struct kx_nk_word){$1, @1}; }
;

word:
	T_NAME | T_ARRAY | T_BYTES | T_CLASS | T_COMPONENT | T_COMPONENTS | T_CONST | T_ENDPOINTS
|	T_ENTITY | T_ERROR | T_HANDLE | T_IMPORT | T_IN | T_INTERFACE | T_INTERFACES | T_OUT
|	T_PACKAGE | T_SECURITY | T_SEQUENCE | T_STRING | T_STRUCT | T_TASK | T_TYPEDEF | T_UNION
;

%%

/* Line @loc->line of the text, or @end behind the last one. */
static const char *line_at(struct kx_nk_parse *parse, const struct kx_loc *loc, const char *end)
{
	const char *line = parse->unit->source.text;

	for (uint32_t n = 1; n < loc->line && line < end; n++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		line = newline ? newline + 1 : end;
	}
	return line;
}

/* What stands in the text at @loc, for "got ...". */
static const char *text_at(struct kx_nk_parse *parse, const struct kx_loc *loc)
{
	const char *end = parse->unit->source.text + parse->unit->source.len;
	const char *line = line_at(parse, loc, end);

	if (loc->end_line != loc->line || loc->column > (size_t)(end - line))
		return "";
	return kx_pool_text(POOL, line + loc->column - 1, loc->end_column - loc->column);
}

/*
 * What is worth saying of all that could stand here: where a name fits, no
 * keyword (each would be a name); no '.' that only makes a name longer; no ';'
 * that is only tolerated.
 */
static bool is_worth_saying(yysymbol_kind_t kind, bool name_fits, bool end_fits)
{
	bool keyword = kind >= YYSYMBOL_T_ARRAY && kind <= YYSYMBOL_T_UNION;

	if (keyword && name_fits)
		return false;
	if (strcmp(yysymbol_name(kind), "';'") == 0 && end_fits)
		return false;
	return strcmp(yysymbol_name(kind), "'.'") != 0;
}

static size_t pick_expected(const yypcontext_t *context, const char **names, size_t max)
{
	yysymbol_kind_t kinds[YYNTOKENS];
	int count = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
	bool name_fits = false;
	bool end_fits = false;
	size_t picked = 0;

	for (int i = 0; i < count; i++) {
		name_fits |= kinds[i] == YYSYMBOL_T_NAME;
		end_fits |= kinds[i] == YYSYMBOL_YYEOF;
	}
	for (int i = 0; i < count && picked < max; i++)
		if (is_worth_saying(kinds[i], name_fits, end_fits))
			names[picked++] = yysymbol_name(kinds[i]);
	return picked;
}

static const char *join_expected(struct kx_nk_parse *parse, const char **names, size_t count)
{
	const char *text = names[0];

	for (size_t i = 1; i < count; i++)
		text = kx_pool_format(POOL, "%s%s%s", text, i + 1 == count ? " or " : ", ", names[i]);
	return text;
}

/* Keywords carry quotes in their printed name; compare what is inside. */
static const char *guess_keyword(struct kx_nk_parse *parse, const char *got, const char **names,
				 size_t count)
{
	struct kx_guess guess;

	kx_guess_init(&guess, got);
	for (size_t i = 0; i < count; i++)
		if (names[i][0] == '\'' && names[i][2] != '\'')
			kx_guess_add(&guess, kx_pool_text(POOL, names[i] + 1, strlen(names[i]) - 2));
	return kx_guess_text(&guess, POOL);
}

/* The word before @loc on its line, "" if there is none. */
static const char *word_before(struct kx_nk_parse *parse, const struct kx_loc *loc)
{
	const char *behind = parse->unit->source.text + parse->unit->source.len;
	const char *line = line_at(parse, loc, behind);
	size_t end = loc->column > 0 ? (size_t)loc->column - 1 : 0;
	size_t begin;

	if (end > (size_t)(behind - line))
		return "";
	while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
		end--;
	for (begin = end; begin > 0 && isalnum((unsigned char)line[begin - 1]);)
		begin--;
	return kx_pool_text(POOL, line + begin, end - begin);
}

/* The '<' that the '>' at @close belongs to; NULL: there is none. */
static const char *opening(const char *text, const char *close)
{
	int depth = 1;

	while (close > text && depth > 0) {
		close--;
		depth += (*close == '>') - (*close == '<');
	}
	return depth == 0 ? close : NULL;
}

/* What is missing at the '>' at @loc, if it is the bound of the type. */
static const char *bound_hint(struct kx_nk_parse *parse, const struct kx_loc *loc)
{
	const char *text = parse->unit->source.text;
	const char *close = line_at(parse, loc, text + parse->unit->source.len) + loc->column - 1;
	const char *open = opening(text, close);
	const char *word = open;
	const char *type;

	if (!open)
		return NULL;
	while (word > text && islower((unsigned char)word[-1]))
		word--;
	word = kx_pool_text(POOL, word, (size_t)(open - word));
	for (open++; close > open && strchr(" \t,", close[-1]);)
		close--;
	type = close > open ? kx_pool_text(POOL, open, (size_t)(close - open)) : "T";
	if (strcmp(word, "string") == 0 || strcmp(word, "bytes") == 0)
		return kx_pool_format(POOL, "; it needs a bound: '%s<N>'", word);
	if (strcmp(word, "sequence") == 0 || strcmp(word, "array") == 0)
		return kx_pool_format(POOL, "; it needs a bound: '%s<%.60s, N>'", word, type);
	return NULL;
}

/* Whether something is missing in front of the '>' at @loc, rather than wrong. */
static bool lacks_bound(struct kx_nk_parse *parse, const struct kx_loc *loc, const char *expected)
{
	const char *end = parse->unit->source.text + parse->unit->source.len;
	const char *line = line_at(parse, loc, end);
	size_t before = loc->column - 1;

	while (before > 0 && (line[before - 1] == ' ' || line[before - 1] == '\t'))
		before--;
	return strcmp(expected, "','") == 0 ||
	       (before > 0 && (line[before - 1] == '<' || line[before - 1] == ','));
}

/* What people write who know other languages. */
static const char *habit(struct kx_nk_parse *parse, const struct kx_loc *loc,
			 bool name_for_parenthesis)
{
	const char *got = text_at(parse, loc);
	const char *before = word_before(parse, loc);

	if (strcmp(got, "enum") == 0 || strcmp(before, "enum") == 0)
		return "; there are no enumerations, write a 'const' for each value";
	if (*got == '{' && (strcmp(before, "struct") == 0 || strcmp(before, "union") == 0))
		return "; its name stands before the brace, as in 'struct Name {...}', and "
		       "there is no 'typedef'";
	if (strcmp(before, "interface") == 0)
		return "; an interface has the name of its package";
	if (name_for_parenthesis)
		return "; a method returns nothing, results are 'out' parameters";
	return NULL;
}

static int yyreport_syntax_error(const yypcontext_t *context, void *scanner,
				 struct kx_nk_parse *parse)
{
	const struct kx_loc *loc = yypcontext_location(context);
	yysymbol_kind_t token = yypcontext_token(context);
	const char *names[YYNTOKENS];
	size_t count = pick_expected(context, names, YYNTOKENS);
	const char *got = token == YYSYMBOL_YYEOF ? "the end of the file"
			: kx_pool_format(POOL, "'%.60s'", text_at(parse, loc));
	bool is_name = token == YYSYMBOL_T_NAME;
	const char *guess;

	(void)scanner;
	parse->syntax_error = true;
	guess = habit(parse, loc, is_name && count > 0 && strcmp(names[0], "'('") == 0);
	if (!guess && strcmp(got, "'>'") == 0 && count > 0 && lacks_bound(parse, loc, names[0]))
		guess = bound_hint(parse, loc);
	if (!guess)
		guess = is_name ? guess_keyword(parse, text_at(parse, loc), names, count) : "";
	if (count == 0)
		kx_error(DIAG, loc, "%s is not expected here", got);
	else
		kx_error(DIAG, loc, "expected %s, got %s%s", join_expected(parse, names, count), got,
			 guess);
	return 0;
}

bool kx_nk_parse_unit(struct kx_nk_parse *parse)
{
	struct kx_nk_unit *unit = parse->unit;
	const char *text = unit->source.text;
	size_t len = unit->source.len;
	void *scanner;
	int failed;

	parse->here = (struct kx_loc){&unit->source, 1, 1, 1, 1};
	parse->imports_end = &unit->imports;
	parse->defs_end = &unit->defs;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
		parse->here.end_column += 3;
	}
	if (kx_nk_yylex_init_extra(parse, &scanner) != 0)
		return false;
	kx_nk_yy_scan_bytes(text, (int)len, scanner);
	failed = kx_nk_yyparse(scanner, parse);
	kx_nk_yylex_destroy(scanner);
	return failed == 0 && unit->name;
}
