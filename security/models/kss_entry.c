/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Security modules written by hand against KasperskyOS's own entry points (kss/kss.h),
 * as modules of ours. Linked in only where the module itself is not one.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <kss/kss.h>
#include <kss/utf8.h>

#include "cbor.h"
#include "kosix/security_module.h"
#include "kx_limits.h"

#define CLASSES_MAX 256

static const struct kx_module_host *host;
static nk_uint64_t call_id;

/* Numbers of classes, each asked for once as KasperskyOS does. Names are copies: those of
 * an event are gone with its process, and another's may come to lie there. */
static struct {
	char name[KX_NAME_MAX];
	kss_eid_t eid;
} classes[CLASSES_MAX];
static unsigned class_count;

static kss_eid_t eid_of(const char *name)
{
	unsigned i = 0;

	while (i < class_count && strcmp(classes[i].name, name) != 0)
		i++;
	if (i < class_count)
		return classes[i].eid;
	if (i == CLASSES_MAX || strlen(name) >= sizeof(classes[i].name))
		return __kss_get_eid(name);
	(void)strcpy(classes[i].name, name);
	classes[i].eid = __kss_get_eid(name);
	class_count++;
	return classes[i].eid;
}

int printk(const char *format, ...)
{
	char text[512];
	va_list args;
	size_t end;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	end = strlen(text);
	if (end > 0 && text[end - 1] == '\n')
		text[end - 1] = '\0';
	if (host)
		host->log(host->context, text);
	return n;
}

nk_uint64_t kss_alloc_call_id(void)
{
	return ++call_id;
}

/* --- records of the module's own ---------------------------------------------------- */

static struct kx_trail *deciding; /* NULL: no event is being decided */
static nk_size_t unshown;         /* bytes of its records that found no room there */

#define PIECE_BYTES sizeof(deciding->reads[0].value)

static bool is_text(const unsigned char *data, nk_size_t size)
{
	for (nk_size_t i = 0; i < size; i++)
		if (data[i] < ' ' || data[i] > '~')
			return false;
	return true;
}

/* As much of @data as fits, as text or in hexadecimal, into @piece; how much it was. */
static nk_size_t put_piece(char *piece, const unsigned char *data, nk_size_t size, bool text)
{
	nk_size_t most = text ? PIECE_BYTES - 1 : (PIECE_BYTES - 1) / 2;

	if (size > most) {
		size = most;
		while (text && size > 0 && (data[size] & 0xc0) == 0x80)
			size--; /* no letter is cut */
	}
	if (text)
		(void)snprintf(piece, PIECE_BYTES, "%.*s", (int)size, (const char *)data);
	for (nk_size_t i = 0; !text && i < size; i++)
		(void)snprintf(piece + 2 * i, 3, "%02x", data[i]);
	return size;
}

/*
 * The event goes on record (CBOR, as KasperskyOS's modules write it, as text), with the module's
 * record piece by piece among what was read; the last place says how much found none. Outside of a
 * decision it is a line of the log.
 */
void kss_audit_log(const void *header, nk_size_t hdrsize, const void *data, nk_size_t size)
{
	const unsigned char *at = data;
	bool text = is_text(data, size);
	char decoded[1024];
	char piece[PIECE_BYTES];

	(void)header;
	(void)hdrsize;
	if (!text && kx_cbor_text(data, size, decoded, sizeof(decoded))) {
		at = (const unsigned char *)decoded;
		size = strlen(decoded);
		text = true;
	}
	if (deciding)
		deciding->audit = true;
	for (nk_size_t length; size > 0; at += length, size -= length) {
		length = put_piece(piece, at, size, text);
		if (!deciding) {
			if (host)
				host->log(host->context, piece);
		} else if (deciding->read_count < KX_TRAIL_READS - 1) {
			deciding->reads[deciding->read_count].name = "the module's record";
			(void)strcpy(deciding->reads[deciding->read_count++].value, piece);
		} else {
			unshown += length;
		}
	}
}

static void end_records(void)
{
	if (unshown) {
		deciding->reads[deciding->read_count].name = "bytes of records not shown";
		(void)snprintf(deciding->reads[deciding->read_count++].value, PIECE_BYTES, "%zu",
			       (size_t)unshown);
	}
	unshown = 0;
	deciding = NULL;
}

/* --- the rest of what a module may call --------------------------------------------- */

/* Bytes of the letter at @text of @size bytes, 0 if it is none. */
static nk_size_t letter(const unsigned char *text, nk_size_t size)
{
	nk_size_t length = text[0] < 0x80   ? 1
			   : text[0] < 0xc2 ? 0
			   : text[0] < 0xe0 ? 2
			   : text[0] < 0xf0 ? 3
			   : text[0] < 0xf5 ? 4
					    : 0;

	if (length > size)
		return 0;
	for (nk_size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* No longer form than needed, no surrogates, nothing above U+10FFFF. */
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

nk_err_t kss_validate_utf8(const nk_char_t *text, nk_size_t size)
{
	nk_size_t n;

	for (; size > 0; text += n, size -= n) {
		n = letter((const unsigned char *)text, size);
		if (n == 0)
			return NK_EBADMSG;
	}
	return NK_EOK;
}

typedef nk_err_t kss_decide_fn(kss_decision_t *, kss_eid_t, nk_sid_t, kss_eid_t, nk_sid_t,
			       const struct nk_message *, const struct nk_arena *,
			       struct kss_audit_message *);

static nk_err_t ask(const struct kx_event *event, const struct nk_message *message,
		    struct nk_arena *arena, kss_decision_t *decision)
{
	static kss_decide_fn *const functions[] = {
		[KX_EVENT_EXECUTE] = __kss_execute,
		[KX_EVENT_REQUEST] = __kss_request,
		[KX_EVENT_RESPONSE] = __kss_response,
		[KX_EVENT_ERROR] = __kss_error,
	};
	struct kss_audit_message audit = {
		.type = (kss_message_type_t)event->kind,
		.src_eid = eid_of(event->src.class_name),
		.dst_eid = eid_of(event->dst.class_name),
		.src_sid = event->src.sid,
		.dst_sid = event->dst.sid,
		.iid = event->riid,
		.mid = event->mid,
	};

	if (event->kind == KX_EVENT_EXECUTE && audit.dst_eid == KSS_INVALID_EID)
		return NK_ENOENT;
	if (event->kind == KX_EVENT_SECURITY)
		return __kss_security(decision, audit.src_eid, audit.src_sid, message, arena,
				      &audit);
	return functions[event->kind](decision, audit.src_eid, audit.src_sid, audit.dst_eid,
				      audit.dst_sid, message, arena, &audit);
}

static enum kx_verdict decide(void *state, const struct kx_event *event, struct kx_trail *trail)
{
	static const struct nk_message none;
	char *start = (char *)(uintptr_t)event->arena;
	struct nk_arena arena = {start, start + event->arena_size, start + event->arena_size};
	kss_decision_t decision = KSS_DENY;
	nk_err_t rc;

	(void)state;
	deciding = trail;
	rc = ask(event, event->fixed ? event->fixed : &none, &arena, &decision);
	end_records();
	if (rc == NK_EOK && decision == KSS_GRANT) {
		trail->reason = "it wrote an audit record";
		return KX_GRANT;
	}
	trail->rule = "a security module written by hand";
	trail->reason = rc == NK_EOK ? "it decided so" : "it failed";
	return KX_DENY;
}

static int init(const struct kx_module_host *from, void **state)
{
	host = from;
	*state = NULL;
	return __kss_init();
}

static void fini(void *state)
{
	(void)state;
	__kss_fini();
}

const struct kx_security_module *kx_security_module(void)
{
	static const struct kx_security_module module = {
		.abi_version = KX_SECURITY_MODULE_ABI,
		.size = sizeof(module),
		.name = "written by hand",
		.init = init,
		.decide = decide,
		.fini = fini,
	};

	return &module;
}
