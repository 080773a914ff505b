/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reading requests. The stamp is skipped by counting colons: "<0>" + 15 characters with two
 * colons + ":" + body, so the body starts behind the third colon.
 */

#include "kx_kav_wire.h"

#include <stdlib.h>
#include <string.h>

/* "<0>" and a stamp are 19 bytes; whoever needs more is not talking this protocol. */
#define HEADER_MAX 64
#define HEADER_MIN 3

struct span {
	const char *at;
	size_t len;
};

static enum kx_kav_parse bad(const char **why, const char *text)
{
	*why = text;
	return KX_KAV_PARSE_BAD;
}

/* Leaves in @body what follows the third colon. */
static enum kx_kav_parse skip_stamp(const char *bytes, size_t len, struct span *body,
				    const char **why)
{
	size_t end = len < HEADER_MAX ? len : HEADER_MAX;
	unsigned colons = 0;

	for (size_t i = HEADER_MIN; i < end; i++) {
		if (bytes[i] != ':' || ++colons < 3)
			continue;
		*body = (struct span){bytes + i + 1, len - i - 1};
		return KX_KAV_PARSE_OK;
	}
	return len < HEADER_MAX ? KX_KAV_PARSE_MORE : bad(why, "no stamp behind the flag");
}

static enum kx_kav_parse read_header(const char *bytes, size_t len, char *flag, struct span *body,
				     const char **why)
{
	if (len > 0 && bytes[0] != '<')
		return bad(why, "a request starts with <");
	if (len > 1 && (bytes[1] < '0' || bytes[1] > '9'))
		return bad(why, "the flag is not a digit");
	if (len > 2 && bytes[2] != '>')
		return bad(why, "no > behind the flag");
	if (len > 1 && bytes[1] != KX_KAV_PATHS && bytes[1] != KX_KAV_SHMEM &&
	    bytes[1] != KX_KAV_VERSION)
		return bad(why, "a flag nobody documents");
	if (len < HEADER_MIN)
		return KX_KAV_PARSE_MORE;
	*flag = bytes[1];
	return skip_stamp(bytes, len, body, why);
}

/* Splits @list at @separator; empty pieces are left out. */
static bool split(struct span list, char separator, struct kx_kav_request *out)
{
	size_t room = 1;

	for (size_t i = 0; i < list.len; i++)
		room += list.at[i] == separator;
	out->objects = calloc(room, sizeof(*out->objects));
	if (!out->objects)
		return false;
	for (size_t at = 0; at <= list.len;) {
		const char *end = memchr(list.at + at, separator, list.len - at);
		size_t len = end ? (size_t)(end - (list.at + at)) : list.len - at;

		if (len > 0) {
			char *copy = strndup(list.at + at, len);

			if (!copy)
				return false;
			out->objects[out->count++] = copy;
		}
		at += len + 1;
	}
	return true;
}

/* Finds "o{...}" at the start of a switch; *@rest_at is where it ends. */
static bool find_object_list(struct span switches, struct span *list, size_t *from, size_t *to)
{
	for (size_t i = 0; i + 1 < switches.len; i++) {
		const char *close;

		if (i > 0 && switches.at[i - 1] != '|')
			continue;
		if (switches.at[i] != 'o' || switches.at[i + 1] != '{')
			continue;
		close = memchr(switches.at + i, '}', switches.len - i);
		if (!close)
			return false;
		*list = (struct span){switches.at + i + 2, (size_t)(close - switches.at) - i - 2};
		*from = i;
		*to = (size_t)(close - switches.at) + 1;
		return true;
	}
	return false;
}

/* The switches without the object list, which the caller has in another place. */
static char *copy_without(struct span text, size_t from, size_t to)
{
	char *copy = malloc(text.len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, text.at, from);
	memcpy(copy + from, text.at + to, text.len - to);
	copy[from + text.len - to] = '\0';
	return copy;
}

/* FE switches FE paths */
static enum kx_kav_parse read_complex(struct span body, struct kx_kav_request *out)
{
	const char *end = memchr(body.at + 1, KX_KAV_SEPARATOR, body.len - 1);
	struct span switches;
	struct span paths;
	struct span list = {0};
	size_t from = 0;
	size_t to = 0;

	if (!end)
		return KX_KAV_PARSE_MORE;
	switches = (struct span){body.at + 1, (size_t)(end - body.at) - 1};
	paths = (struct span){end + 1, body.len - switches.len - 2};
	if (find_object_list(switches, &list, &from, &to)) {
		if (!split(list, ':', out))
			return KX_KAV_PARSE_NOMEM;
	} else if (!split(paths, ';', out)) {
		return KX_KAV_PARSE_NOMEM;
	}
	out->switches = copy_without(switches, from, to);
	if (!out->switches)
		return KX_KAV_PARSE_NOMEM;
	return out->count > 0 ? KX_KAV_PARSE_OK : KX_KAV_PARSE_MORE;
}

static enum kx_kav_parse read_paths(struct span body, struct kx_kav_request *out)
{
	if (body.len == 0)
		return KX_KAV_PARSE_MORE;
	if ((unsigned char)body.at[0] == KX_KAV_SEPARATOR)
		return read_complex(body, out);
	out->objects = calloc(1, sizeof(*out->objects));
	if (!out->objects)
		return KX_KAV_PARSE_NOMEM;
	out->objects[0] = strndup(body.at, body.len);
	if (!out->objects[0])
		return KX_KAV_PARSE_NOMEM;
	out->count = 1;
	return KX_KAV_PARSE_OK;
}

/* At most @digits hex digits up to a bar; returns how many bytes were used, 0 if none fit. */
static size_t read_hex(struct span text, unsigned digits, uint64_t *value)
{
	size_t n = 0;

	*value = 0;
	for (; n < text.len && text.at[n] != '|'; n++) {
		const char *digit = strchr("0123456789abcdef", text.at[n] | 0x20);

		if (n == digits || !digit || text.at[n] == '\0')
			return 0;
		*value = *value << 4 | (uint64_t)(digit - "0123456789abcdef");
	}
	return n < text.len && n > 0 ? n + 1 : 0;
}

/* <key|size|> */
static enum kx_kav_parse read_shmem(struct span body, struct kx_kav_request *out, const char **why)
{
	struct span rest;
	uint64_t key;
	size_t used;

	if (body.len == 0 || !memchr(body.at, '>', body.len))
		return body.len <= HEADER_MAX ? KX_KAV_PARSE_MORE : bad(why, "no > at the end");
	if (body.at[0] != '<')
		return bad(why, "shared memory is given as <key|size|>");
	rest = (struct span){body.at + 1, body.len - 1};
	used = read_hex(rest, 8, &key);
	if (used == 0)
		return bad(why, "the key is not a hexadecimal number of 32 bits");
	rest = (struct span){rest.at + used, rest.len - used};
	out->key = (uint32_t)key;
	used = read_hex(rest, 16, &out->size);
	if (used == 0 || used >= rest.len || rest.at[used] != '>')
		return bad(why, "the size is not a hexadecimal number between bars");
	return KX_KAV_PARSE_OK;
}

enum kx_kav_parse kx_kav_request_parse(const char *bytes, size_t len, struct kx_kav_request *out,
				       const char **why)
{
	struct kx_kav_request request = {0};
	struct span body = {0};
	enum kx_kav_parse parse;

	if (len > 0 && memchr(bytes, '\0', len))
		return bad(why, "a zero byte inside");
	parse = read_header(bytes, len, &request.flag, &body, why);
	if (parse != KX_KAV_PARSE_OK)
		return parse;
	if (request.flag == KX_KAV_PATHS)
		parse = read_paths(body, &request);
	else if (request.flag == KX_KAV_SHMEM)
		parse = read_shmem(body, &request, why);
	if (parse == KX_KAV_PARSE_OK)
		*out = request;
	else
		kx_kav_request_free(&request);
	return parse;
}

void kx_kav_request_free(struct kx_kav_request *request)
{
	for (size_t i = 0; i < request->count; i++)
		free(request->objects[i]);
	free(request->objects);
	free(request->switches);
	*request = (struct kx_kav_request){0};
}
