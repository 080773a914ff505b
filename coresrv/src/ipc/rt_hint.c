/* SPDX-License-Identifier: Apache-2.0 */
#include "rt_hint.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "validate.h"

#define LINE_BYTES 1280 /* a line with its list of names */

#define MOST_OF_A_KIND 4
#define GIVEN          (1ull << 63) /* so that no entry in use is 0 */

static atomic_ullong given[KX_HINT_KINDS][MOST_OF_A_KIND];

bool kx_hint_given(enum kx_hint kind)
{
	return atomic_load(&given[kind][0]) != 0;
}

static bool is_new(enum kx_hint kind, uint64_t what)
{
	for (int i = 0; i < MOST_OF_A_KIND; i++) {
		unsigned long long found = 0;

		if (atomic_compare_exchange_strong(&given[kind][i], &found, what | GIVEN))
			return true;
		if (found == (what | GIVEN))
			return false;
	}
	return false;
}

uint64_t kx_hint_of_name(const char *name)
{
	uint64_t what = 5381;

	for (; *name; name++)
		what = what * 33 + (uint8_t)*name;
	return what;
}

static const char *own_name(void)
{
	return kx_rt_attached() ? (const char *)kx_rt_at(kx_rt.page->name)
				: "a program that is no entity";
}

void kx_hint(enum kx_hint kind, uint64_t what, const char *format, ...)
{
	char line[LINE_BYTES];
	size_t used;
	va_list args;
	int state;

	if (!is_new(kind, what))
		return;
	(void)snprintf(line, sizeof(line) / 4, "kosix: %s: ", own_name());
	used = strlen(line);
	va_start(args, format);
	(void)vsnprintf(line + used, sizeof(line) - used - 1, format, args);
	va_end(args);
	(void)strcat(line, "\n");
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	(void)!write(STDERR_FILENO, line, strlen(line));
	(void)pthread_setcancelstate(state, NULL);
}

/* --- channels and handles --------------------------------------------------------- */

void kx_hint_recv_handle(Handle handle)
{
	if (handle == INVALID_HANDLE)
		kx_hint(KX_HINT_RECV_HANDLE, 0,
			"Recv on INVALID_HANDLE: this process serves no channel of that name. It "
			"gets one when the init description gives a client a connection to it; "
			"look at what ServiceLocatorRegister returns");
	else
		kx_hint(KX_HINT_RECV_HANDLE, 0,
			"Recv: 0x%x is no handle to serve; ServiceLocatorRegister returns one",
			(unsigned)handle);
}

void kx_hint_call_handle(Handle handle)
{
	if (handle != INVALID_HANDLE)
		kx_hint(KX_HINT_CALL_HANDLE, 0,
			"Call: 0x%x is no handle of a channel; ServiceLocatorConnect returns one",
			(unsigned)handle);
	else if (!kx_hint_given(KX_HINT_CONNECT))
		kx_hint(KX_HINT_CALL_HANDLE, 0,
			"Call on INVALID_HANDLE: no channel was connected; look at what "
			"ServiceLocatorConnect returns");
}

static const char *channel_name(Handle handle)
{
	const struct kx_service_entry *entries = kx_rt_at(kx_rt.page->services);

	for (uint32_t i = 0; i < kx_rt.page->service_count; i++)
		if (entries[i].handle == handle)
			return kx_rt_at(entries[i].name);
	return "a channel";
}

/* Not while everything is being ended: then it says nothing about the program. */
void kx_hint_server_ended(Handle handle)
{
	if (!kx_load(&kx_rt.page->ending))
		kx_hint(KX_HINT_SERVER_ENDED, (unsigned)handle,
			"Call over %s: its server has ended; this and every later call over it "
			"returns rcNotConnected (NK_ENOTCONN)",
			channel_name(handle));
}

/* --- messages ----------------------------------------------------------------------- */

static const char *text_at(const struct kx_class *blob, uint32_t offset)
{
	return offset ? (const char *)blob + offset : "?";
}

/* What a message belongs to, as names; "?" for what a class does not tell. */
struct names {
	const struct kx_method *declared; /* NULL: nothing is known */
	const char *endpoint;
	const char *interface;
	const char *method;
};

static struct names names_of(const struct kx_class *blob, uint16_t riid, uint16_t mid)
{
	struct names names = {NULL, "?", "?", "?"};
	const struct kx_method *method = blob ? kx_blob_method(blob, riid, mid) : NULL;
	const struct kx_endpoint *endpoint;

	if (!method)
		return names;
	endpoint = (const struct kx_endpoint *)(const void *)((const uint8_t *)blob +
							      blob->endpoints) +
		   kx_index(riid, blob->endpoint_count);
	names.declared = method;
	names.endpoint = text_at(blob, endpoint->name);
	names.interface = text_at(blob, endpoint->interface);
	names.method = text_at(blob, method->name);
	return names;
}

static uint64_t of_method(uint16_t riid, uint16_t mid)
{
	return (uint64_t)riid << 16 | mid;
}

/* A hostile peer's message never is where it matters: then this side's room is not to blame. */
static bool has_declared_sizes(const struct kx_message_desc *desc, const struct kx_head *head)
{
	return KX_EX_SIZE(head->ex) == desc->size && KX_EX_CAPS(head->ex) == desc->handles &&
	       head->arena <= desc->arena;
}

static void hint_room(enum kx_hint kind, const struct names *names, const struct kx_head *head,
		      uint32_t fixed_size, uint32_t arena_size)
{
	bool request = kind == KX_HINT_REQUEST_ROOM;
	const char *what = request ? "request" : "response";
	const char *who = request ? "Recv" : "Call";

	if (head->arena > arena_size)
		kx_hint(kind, of_method(head->iid, head->mid),
			"%s: the %s of %s.%s has %u bytes in its arena, and the arena given has "
			"room for %u; the generated header of %s says how much is needed: "
			"..._%s_arena_size",
			who, what, names->endpoint, names->method, head->arena, arena_size,
			request ? "the server's class" : names->interface, request ? "req" : "res");
	else
		kx_hint(kind, of_method(head->iid, head->mid),
			"%s: the %s of %s.%s has %u bytes, and the message given has room for %u; "
			"is it of another method or interface?",
			who, what, names->endpoint, names->method, KX_EX_SIZE(head->ex),
			fixed_size);
}

void kx_hint_request_room(const struct kx_class *blob, const struct kx_head *head,
			  uint32_t fixed_size, uint32_t arena_size)
{
	struct names names = names_of(blob, head->iid, head->mid);

	if (names.declared && !KX_EX_ERR(head->ex) &&
	    has_declared_sizes(&names.declared->request, head))
		hint_room(KX_HINT_REQUEST_ROOM, &names, head, fixed_size, arena_size);
}

void kx_hint_response_room(const struct kx_class *blob, const struct kx_head *called,
			   const struct kx_head *head, uint32_t fixed_size, uint32_t arena_size)
{
	struct names names = names_of(blob, called->iid, called->mid);

	if (names.declared &&
	    has_declared_sizes(kx_method_desc(names.declared, KX_MESSAGE_RESPONSE, head->ex), head))
		hint_room(KX_HINT_RESPONSE_ROOM, &names, head, fixed_size, arena_size);
}

void kx_hint_request(const struct kx_class *blob, const struct kx_outgoing *out)
{
	const struct kx_head *head = &out->head;
	struct names names = names_of(blob, head->iid, head->mid);
	uint64_t what = of_method(head->iid, head->mid);
	const struct kx_message_desc *desc;

	if (!names.declared)
		return;
	desc = &names.declared->request;
	if (kx_message_valid(blob, desc, head, out->body, out->arena))
		return;
	if (KX_EX_SIZE(head->ex) != desc->size || KX_EX_CAPS(head->ex) != desc->handles)
		kx_hint(KX_HINT_REQUEST, what,
			"Call: the request of %s.%s has %u bytes and %u handles, declared are %u "
			"and %u; is it of another method or interface?",
			names.endpoint, names.method, KX_EX_SIZE(head->ex), KX_EX_CAPS(head->ex),
			desc->size, desc->handles);
	else if (!head->arena)
		kx_hint(KX_HINT_REQUEST, what,
			"Call: a parameter of the request of %s.%s says that it stands in an "
			"arena, and the call was given none, or an empty one; give the one that "
			"the parameter was put into, or set the parameter (zeros: empty)",
			names.endpoint, names.method);
	else
		kx_hint(KX_HINT_REQUEST, what,
			"Call: a parameter of the request of %s.%s is longer than declared, or "
			"does "
			"not stand in the arena that the call was given, of which %u bytes are in "
			"use; was it put into another one, or never set?",
			names.endpoint, names.method, head->arena);
}

static const char *code_name(int code)
{
	switch (code) {
	case NK_EPERM:
		return "NK_EPERM";
	case NK_ENOENT:
		return "NK_ENOENT";
	case NK_EAGAIN:
		return "NK_EAGAIN";
	case NK_ENOMEM:
		return "NK_ENOMEM";
	case NK_EINVAL:
		return "NK_EINVAL";
	case NK_EBADMSG:
		return "NK_EBADMSG";
	case NK_ENOTCONN:
		return "NK_ENOTCONN";
	default:
		return "not NK_EOK";
	}
}

static void hint_handler(const struct names *names, uint64_t method, const struct nk_message *res)
{
	int code = (int)(nk_uint32_t)res->self.badge;
	uint64_t what = res->self.rights ? method << 31 | ((uint32_t)code & INT32_MAX) : method;

	if (res->self.rights)
		kx_hint(KX_HINT_HANDLER, what,
			"the handler of %s.%s returned %s (%d), so its client gets an error and no "
			"response",
			names->endpoint, names->method, code_name(code), code);
	else
		kx_hint(KX_HINT_HANDLER, what,
			"%s.%s was called, and nothing serves it: the table of operations of %s "
			"has no %s, or in C++ the endpoint is null; its client gets an error",
			names->endpoint, names->method, names->interface, names->method);
}

void kx_hint_reply(const struct kx_owed *owed, const struct kx_head *head,
		   const struct nk_message *res)
{
	struct names names = names_of(kx_rt_class(), owed->riid, owed->mid);
	const struct kx_message_desc *desc;

	if (res && res->ex.size_ex == 0 && res->self.handle == __NK_FAILED) {
		hint_handler(&names, of_method(owed->riid, owed->mid), res);
		return;
	}
	if (!owed->method || KX_EX_SIZE(head->ex) < KX_MESSAGE_MIN) {
		kx_hint(KX_HINT_REPLY, 0, "Reply: the response has no valid header");
		return;
	}
	desc = kx_method_desc(owed->method, KX_MESSAGE_RESPONSE, head->ex);
	kx_hint(KX_HINT_REPLY, of_method(owed->riid, owed->mid),
		"Reply: what is sent as response of %s.%s is not built as declared (%u bytes, %u "
		"handles, %u in the arena; declared %u bytes, %u handles, at most %u in the "
		"arena), so its client gets an error; was the request dispatched?",
		names.endpoint, names.method, KX_EX_SIZE(head->ex), KX_EX_CAPS(head->ex),
		head->arena, desc->size, desc->handles, desc->arena);
}

void __kosipc_hint_exception(const char *what)
{
	kx_hint(KX_HINT_EXCEPTION, kx_hint_of_name(what ? what : ""),
		"an implementation threw \"%s\", so its client gets an error", what ? what : "");
}

/* Called by nk/arena.h. */
void __nk_hint_arena_full(nk_size_t size, nk_size_t used, nk_size_t room)
{
	if (!room)
		kx_hint(KX_HINT_ARENA, 0,
			"nk_arena_alloc: %llu bytes wanted, and there is no arena, or one without "
			"memory; the parameter stays empty (NK_ENOMEM)",
			(unsigned long long)size);
	else
		kx_hint(KX_HINT_ARENA, 0,
			"nk_arena_alloc: %llu bytes wanted, and %llu of the arena's %llu are in "
			"use; the parameter stays empty (NK_ENOMEM). Is nk_arena_reset missing, or "
			"the arena smaller than the method's ..._arena_size?",
			(unsigned long long)size, (unsigned long long)used,
			(unsigned long long)room);
}
