/* SPDX-License-Identifier: Apache-2.0 */

/* CBOR as text; see cbor.h. The bytes come from a module: nothing about them is sure. */

#include "cbor.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ksm_inside.h"

#define DEEPEST 16u
#define UNKNOWN UINT64_MAX /* a length that a break ends */
#define BREAK   0xffu

struct cbor {
	const unsigned char *at, *end;
	char *text;
	size_t room, used;
	unsigned int depth;
	bool cut; /* the text has no room for all of it */
};

static void put(struct cbor *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct cbor *c, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(c->text + c->used, c->room - c->used, format, args);
	va_end(args);
	if (length > 0)
		c->used += (size_t)length;
	if (c->used >= c->room) {
		c->used = c->room - 1;
		c->cut = true;
	}
}

/* The head of an item: its major type and number; false: it is cut off or reserved. */
static bool take_head(struct cbor *c, unsigned int *major, unsigned int *info, uint64_t *number)
{
	size_t bytes;

	if (c->at == c->end)
		return false;
	*major = *c->at >> 5;
	*info = *c->at++ & 31u;
	*number = *info;
	if (*info < 24)
		return true;
	if (*info == 31) {
		*number = UNKNOWN;
		return *major == 4 || *major == 5;
	}
	bytes = (size_t)1 << (*info - 24);
	if (*info > 27 || bytes > (size_t)(c->end - c->at))
		return false;
	*number = 0;
	for (; bytes; bytes--)
		*number = *number << 8 | *c->at++;
	return true;
}

static void put_bytes(struct cbor *c, uint64_t length)
{
	put(c, "h'");
	for (; length; length--)
		put(c, "%02x", *c->at++);
	put(c, "'");
}

static void put_text(struct cbor *c, uint64_t length)
{
	put(c, "\"");
	while (length) {
		uint32_t bytes;
		const char *at = (const char *)c->at;
		const char *shown = kx_ksm_shown(at, length, &bytes);

		if (*at == '"' || *at == '\\')
			put(c, "\\%c", *at);
		else
			put(c, "%.*s", (int)bytes, shown);
		c->at += bytes;
		length -= bytes;
	}
	put(c, "\"");
}

static bool put_string(struct cbor *c, uint64_t length, bool is_text)
{
	if (length > (uint64_t)(c->end - c->at))
		return false;
	if (is_text)
		put_text(c, length);
	else
		put_bytes(c, length);
	return true;
}

/* Half precision: sign, 5 bits of exponent, 10 of fraction. */
static double half(uint64_t bits)
{
	int exponent = (int)(bits >> 10 & 31);
	double value = exponent ? 1024.0 + (double)(bits & 1023) : (double)(bits & 1023);

	if (exponent == 31)
		return bits & 1023 ? (double)NAN : (double)INFINITY;
	for (exponent = exponent ? exponent - 25 : -24; exponent > 0; exponent--)
		value *= 2;
	for (; exponent < 0; exponent++)
		value /= 2;
	return bits & 0x8000 ? -value : value;
}

static void put_simple(struct cbor *c, unsigned int info, uint64_t number)
{
	static const char *const names[] = {"false", "true", "null", "undefined"};
	uint32_t narrow = (uint32_t)number;
	double wide;
	float single;

	memcpy(&wide, &number, sizeof(wide));
	memcpy(&single, &narrow, sizeof(single));
	wide = info == 27 ? wide : info == 26 ? (double)single : half(number);
	if (info >= 25 && !isfinite(wide))
		put(c, "null"); /* no number, as JSON has it */
	else if (info >= 25)
		put(c, "%g", wide);
	else if (number >= 20 && number <= 23)
		put(c, "%s", names[number - 20]);
	else
		put(c, "simple(%" PRIu64 ")", number);
}

static bool put_item(struct cbor *c);

static bool at_break(struct cbor *c, uint64_t length)
{
	if (length != UNKNOWN || c->at == c->end || *c->at != BREAK)
		return false;
	c->at++;
	return true;
}

static bool put_items(struct cbor *c, uint64_t length, bool is_map)
{
	put(c, is_map ? "{" : "[");
	for (uint64_t i = 0; i < length && !at_break(c, length); i++) {
		if (i)
			put(c, ",");
		if (!put_item(c))
			return false;
		if (is_map)
			put(c, ":");
		if (is_map && !put_item(c))
			return false;
	}
	put(c, is_map ? "}" : "]");
	return true;
}

static bool put_any(struct cbor *c)
{
	unsigned int major;
	unsigned int info;
	uint64_t number;

	if (!take_head(c, &major, &info, &number))
		return false;
	switch (major) {
	case 0:
		put(c, "%" PRIu64, number);
		return true;
	case 1:
		if (number > INT64_MAX)
			put(c, "-1-%" PRIu64, number);
		else
			put(c, "%" PRId64, -1 - (int64_t)number);
		return true;
	case 2:
	case 3:
		return put_string(c, number, major == 3);
	case 4:
	case 5:
		return put_items(c, number, major == 5);
	case 6:
		return put_item(c);
	default:
		put_simple(c, info, number);
		return true;
	}
}

static bool put_item(struct cbor *c)
{
	bool good;

	if (c->depth == DEEPEST)
		return false;
	c->depth++;
	good = put_any(c);
	c->depth--;
	return good;
}

bool kx_cbor_text(const void *data, size_t size, char *text, size_t room)
{
	const unsigned char *start = data;
	struct cbor c = {.at = start, .end = start + size, .text = text, .room = room};

	text[0] = '\0';
	return size > 0 && put_item(&c) && c.at == c.end && !c.cut;
}
