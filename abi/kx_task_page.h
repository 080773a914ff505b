/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_TASK_PAGE_H
#define KX_ABI_TASK_PAGE_H

/*
 * The task page: what the kernel process tells one entity. Mapped read-only by
 * that entity (the memory is sealed against future writers), read-write by the
 * kernel process alone; so an entity may believe it, and need not copy it.
 *
 * Words marked "word" change while the entity runs and are read with kx_load();
 * everything else of an entry is written before its state word says so.
 *
 * Edges:
 *   T1 -> T2   kernel fills an entry, then writes its state -> entity reads state, then the entry
 *   D1 -> D2   kernel writes a channel's state DEAD, fence, poisons slots ->
 *              client publishes, then reads the state
 */

#include "kx_atomic.h"
#include "kx_limits.h"
#include "kx_version.h"

#include <stdalign.h>

/* Low two bits of a handle entry's state; the rest is the handle's generation. */
enum kx_handle_state {
	KX_HANDLE_FREE = 0,
	KX_HANDLE_OPEN = 1,
	KX_HANDLE_REVOKED = 2,
};

enum kx_handle_role {
	KX_ROLE_NONE = 0,     /* user object, notice, memory, ...: only kernel calls use it */
	KX_ROLE_CLIENT = 1,   /* Call goes to channels[channel] */
	KX_ROLE_LISTENER = 2, /* Recv, Reply: kbell[listener] */
	KX_ROLE_CALLABLE = 3, /* Call, always relayed: carries its own endpoint */
};

/* A handle value is index | generation << 12; index 0 and INVALID_HANDLE are never given out. */
#define KX_HANDLE_INDEX(handle)     ((handle) & (KX_HANDLES - 1u))
#define KX_HANDLE_GEN(handle)       ((handle) >> 12)
#define KX_HANDLE_VALUE(index, gen) ((uint32_t)(gen) << 12 | (uint32_t)(index))
#define KX_HANDLE_INVALID           UINT32_MAX

/* Of the special part of rights, as far as it stands on the page (kx_rights.h). */
#define KX_HANDLE_MAY(rights) ((uint8_t)((rights) >> 16))

struct kx_handle_entry {
	kx_word state;     /* word: generation << 2 | enum kx_handle_state */
	uint8_t role;      /* enum kx_handle_role */
	uint8_t may;       /* KX_ROLE_LISTENER: KX_HANDLE_MAY() of its rights */
	uint16_t listener; /* index of kbell and karm, KX_ROLE_LISTENER */
	uint32_t channel;  /* client: index of channels; listener: its first handle */
	uint32_t riid;     /* KX_ROLE_CALLABLE: endpoint of every call */
};

enum kx_channel_state {
	KX_CHANNEL_NONE = 0,
	KX_CHANNEL_RELAY = 1,  /* every call goes through the kernel process */
	KX_CHANNEL_OFFER = 2,  /* direct calls possible: client asks with KX_CALL_OPEN */
	KX_CHANNEL_DIRECT = 3, /* a region exists; its descriptor was sent */
	KX_CHANNEL_DEAD = 4,   /* the other side ended or closed: rcNotConnected */
};

struct kx_channel_entry {
	kx_word state;       /* word: enum kx_channel_state */
	uint32_t peer;       /* task number of the other side */
	uint32_t handle;     /* this entity's handle: client's or listener's */
	uint32_t listener;   /* server side: index of kbell */
	uint32_t server;     /* 1: this entity is the server of the channel */
	uint32_t class_blob; /* offset of the server's struct kx_class, 0: none */
	uint32_t direct;     /* offset of KX_DIRECT_TABLE() bytes, 0: none */
	uint32_t generation; /* of the channel region */
	uint64_t region_bytes;
	uint32_t reserved0[6];
};

/*
 * Two tables of bits, one behind the other, bit m & 7 of byte m >> 3 for method m of
 * the class. First: the method is DIRECT. Second: of a DIRECT method no error reply
 * is ever granted; the server's runtime denies its own and has it put on record
 * (KX_CALL_ERROR_DENIED), the client's lets none pass.
 */
#define KX_DIRECT_BYTES(methods) (((methods) + 7u) / 8u)
#define KX_DIRECT_TABLE(methods) (2u * KX_DIRECT_BYTES(methods))

static inline int kx_direct_bit(const uint8_t *table, uint32_t method)
{
	return table[method >> 3] >> (method & 7u) & 1u;
}

static inline int kx_error_denied_bit(const uint8_t *table, uint32_t methods, uint32_t method)
{
	return kx_direct_bit(table + KX_DIRECT_BYTES(methods), method);
}

/* A static channel's end, found by name (ServiceLocatorConnect, ServiceLocatorRegister). */
struct kx_service_entry {
	uint32_t name;   /* offset of the channel's name */
	uint32_t server; /* 1: this entity serves it */
	uint32_t handle;
	uint32_t reserved0;
};

struct kx_task_page {
	struct kx_region_header header;
	uint32_t task;        /* number of this entity, from 1 */
	uint32_t message_max; /* constant part and arena together */
	uint32_t pause_ps;    /* length of one pause instruction in picoseconds */
	uint32_t flags;       /* enum kx_task_flags */
	uint32_t name;        /* offset: process name */
	uint32_t class_name;  /* offset: EDL class */
	uint32_t service_count;
	uint32_t services;  /* offset: struct kx_service_entry[] */
	uint64_t start_ns;  /* CLOCK_MONOTONIC when the kernel process started */
	uint32_t own_class; /* offset of this entity's struct kx_class, 0: none */
	uint32_t reserved0;

	alignas(KX_CACHE_PAIR) kx_word link_arm; /* word: 1 while the kernel process sleeps */
	alignas(KX_CACHE_PAIR) kx_word epoch;    /* word: +1 after every change of the two tables */
	kx_word packets; /* word: descriptors sent over the control socket so far */
	kx_word ending;  /* word: 1 once the kernel process ends the solution */

	alignas(KX_CACHE_PAIR) struct kx_handle_entry handles[KX_HANDLES];
	struct kx_channel_entry channels[KX_CHANNELS];
	/* strings, services, class blobs and DIRECT bits follow up to region_bytes */
};

enum kx_task_flags {
	KX_TASK_SPIN_OFF = 1,    /* measure or debug: go to sleep at once */
	KX_TASK_CROWDED = 8,     /* the machine has fewer than three cores */
	KX_TASK_DUMPABLE = 2,    /* do not clear the dumpable flag */
	KX_TASK_MEDIATE_ALL = 4, /* no channel regions at all */
};

#define KX_TASK_PAGE_BYTES (4u << 20)

_Static_assert(sizeof(struct kx_handle_entry) == 16, "kx_handle_entry resized");
_Static_assert(sizeof(struct kx_channel_entry) == 64, "kx_channel_entry resized");
_Static_assert(sizeof(struct kx_service_entry) == 16, "kx_service_entry resized");
_Static_assert(offsetof(struct kx_task_page, link_arm) == 128, "link_arm moved");
_Static_assert(offsetof(struct kx_task_page, epoch) == 256, "epoch moved");
_Static_assert(offsetof(struct kx_task_page, handles) == 384, "handles moved");
_Static_assert(sizeof(struct kx_task_page) < KX_TASK_PAGE_BYTES, "no room for strings");

#endif /* KX_ABI_TASK_PAGE_H */
