/* SPDX-License-Identifier: Apache-2.0 */

/*
 * `kosix errno`: reads one code the way people copy it from a terminal (hex,
 * signed or unsigned decimal, a name), takes it apart and says what it means.
 */

#include "kx_errno.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <rtl/retcode.h>
#include <rtl/retcode_hr.h>

#include "errno_table.h"

/* The two bits every error code has (rtl/retcode.h): severity and format. */
#define KX_RC_FORMAT_MASK 0xD0000000u
#define KX_RC_FORMAT      0x90000000u

/* More digits than this are more than 32 bits; fewer fit a long long. */
#define KX_ERRNO_MAX_DIGITS 10

#define KX_ERRNO_HOWTO                                                                             \
	"give one value as 0x90000015, -1879048171, 2415919125 or a name as rcTimeout"

static const struct kx_errno_entry *find_value(int32_t value)
{
	for (size_t i = 0; i < kx_errno_count; i++)
		if (kx_errno_table[i].value == value)
			return &kx_errno_table[i];
	return NULL;
}

static const struct kx_errno_entry *find_name(const char *name)
{
	for (size_t i = 0; i < kx_errno_count; i++)
		if (strcmp(kx_errno_table[i].name, name) == 0)
			return &kx_errno_table[i];
	return NULL;
}

/* Only 32 bits, all of @text, hex only without a sign. */
static bool parse_value(const char *text, int32_t *value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text + (text[0] == '-');
	size_t len = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
	long long n;

	if (len == 0 || len > KX_ERRNO_MAX_DIGITS || digits[len] != '\0')
		return false;
	n = strtoll(text, NULL, hex ? 16 : 10);
	if (n < INT32_MIN || n > (long long)UINT32_MAX)
		return false;
	*value = (int32_t)(uint32_t)n;
	return true;
}

/* Whether the fields of rtl/retcode.h are meant, rather than a small number. */
static bool has_fields(int32_t value)
{
	return ((uint32_t)value & KX_RC_FORMAT_MASK) == KX_RC_FORMAT;
}

static const char *meaning_of(int32_t value, const struct kx_errno_entry *entry)
{
	if (entry)
		return entry->meaning;
	if (!has_fields(value))
		return "not a Retcode: the bits every error code has are missing";
	if (RC_GET_CUSTOMER(value))
		return "defined by the developer of this solution: look for MAKE_RETCODE in its "
		       "sources";
	return "nobody documents this code";
}

static const char *cause_of(int32_t value, const struct kx_errno_entry *entry)
{
	if (entry)
		return entry->cause;
	if (!has_fields(value) && value > 0)
		return "perhaps an errno of POSIX, an exit status or a count";
	if (!has_fields(value))
		return "perhaps a negated errno of POSIX";
	return NULL;
}

static void print_text(FILE *out, int32_t value, const struct kx_errno_entry *entry)
{
	const char *cause = cause_of(value, entry);

	fprintf(out, "0x%08" PRIx32 " (%" PRId32 ")  %s\n", (uint32_t)value, value,
		entry ? entry->name : "unknown");
	fprintf(out, "  meaning  %s\n", meaning_of(value, entry));
	if (has_fields(value)) {
		fprintf(out, "  fields   customer %u, space %u (%s), facility %u, code %u\n",
			RC_GET_CUSTOMER(value), RC_GET_SPACE(value), rtl_retcode_hr_space(value),
			RC_GET_FACILITY(value), RC_GET_CODE(value));
		fprintf(out, "  printed  " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(value));
	}
	if (cause)
		fprintf(out, "  usually  %s\n", cause);
}

static void print_json(FILE *out, json_t *object)
{
	(void)json_dumpf(object, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(object);
}

static json_t *to_json(int32_t value, const struct kx_errno_entry *entry)
{
	char hex[16];
	json_t *object;

	(void)snprintf(hex, sizeof(hex), "0x%08" PRIx32, (uint32_t)value);
	object = json_pack("{s:s, s:i, s:s?, s:b, s:s, s:s?}", "hex", hex, "value", (int)value,
			   "name", entry ? entry->name : NULL, "known", entry != NULL, "meaning",
			   meaning_of(value, entry), "cause", cause_of(value, entry));
	if (has_fields(value))
		(void)json_object_set_new(
			object, "fields",
			json_pack("{s:i, s:i, s:s, s:i, s:i}", "customer",
				  (int)RC_GET_CUSTOMER(value), "space", (int)RC_GET_SPACE(value),
				  "space_name", rtl_retcode_hr_space(value), "facility",
				  (int)RC_GET_FACILITY(value), "code", (int)RC_GET_CODE(value)));
	return object;
}

static int explain_nothing(const char *text, FILE *out, bool json)
{
	json_t *shown;

	if (!json) {
		fprintf(out, "\"%s\" is not a code: %s\n", text, KX_ERRNO_HOWTO);
		return 2;
	}
	shown = json_string(text); /* NULL if it is not UTF-8 */
	print_json(out, json_pack("{s:s, s:o, s:s}", "error", "not a code", "input",
				  shown ? shown : json_null(), "hint", KX_ERRNO_HOWTO));
	return 2;
}

int kx_errno_explain(const char *text, FILE *out, bool json)
{
	const struct kx_errno_entry *entry = find_name(text);
	int32_t value = 0;

	if (entry)
		value = entry->value;
	else if (!parse_value(text, &value))
		return explain_nothing(text, out, json);
	else
		entry = find_value(value);

	if (json)
		print_json(out, to_json(value, entry));
	else
		print_text(out, value, entry);
	return entry ? 0 : 1;
}

int kx_errno_list(FILE *out, bool json)
{
	json_t *list = json ? json_array() : NULL;

	for (size_t i = 0; i < kx_errno_count; i++) {
		const struct kx_errno_entry *e = &kx_errno_table[i];

		if (json)
			(void)json_array_append_new(list, to_json(e->value, e));
		else
			fprintf(out, "0x%08" PRIx32 "  %-21s %s\n", (uint32_t)e->value, e->name,
				e->meaning);
	}
	if (json)
		print_json(out, list);
	return 0;
}
