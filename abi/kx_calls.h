/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_CALLS_H
#define KX_ABI_CALLS_H

/*
 * What an entity may ask of the kernel process through an up slot. The number
 * stands in kx_up_tag.op, small values in kx_up_tag.args, text or tables in the
 * slot's message as arena bytes (constant part empty). Results come back in
 * args and, where said, as arena bytes. "->" separates arguments from results.
 *
 * Every call answers in kx_up_tag.rc; on anything but rcOk nothing was done and
 * no result is valid. An unknown number answers rcUnimplemented. Names follow
 * the public call that uses them; docs/kernel-calls.md lists what policy is asked.
 */
enum kx_call_op {
	KX_CALL_RELAY = 1,  /* tag.handle: Call over a client or callable handle */
	KX_CALL_KICK = 2,   /* channel index: ring the server of that channel */
	KX_CALL_OPEN = 3,   /* handle: make the channel's region; its packet is sent before the
			       answer. Anything but state DIRECT afterwards: relayed */
	KX_CALL_CANCEL = 4, /* up slot index, its generation: end that relayed call with
			       rcIpcInterrupt unless the server has taken it */

	KX_CALL_HANDLE_CLOSE = 16,          /* handle */
	KX_CALL_HANDLE_COPY = 17,           /* handle, rights, badge handle -> handle */
	KX_CALL_HANDLE_REVOKE = 18,         /* handle, 1: it stays itself */
	KX_CALL_HANDLE_REVOKE_SUBTREE = 19, /* handle, badge handle */
	KX_CALL_HANDLE_CREATE_USER = 20,    /* type, rights, context low, high -> handle */
	KX_CALL_HANDLE_CREATE_USER_EX = 21, /* type, rights, context low, high, server handle,
					       riid -> handle */
	KX_CALL_HANDLE_CREATE_BADGE = 22, /* notice, event low, high, context low, high -> handle */
	KX_CALL_HANDLE_GET_SID = 23,      /* handle -> sid */
	KX_CALL_HANDLE_CONNECT = 24,      /* listener or INVALID -> listener, server, client */
	KX_CALL_HANDLE_CONNECT_EX = 25,   /* listener or INVALID, client task, server task, one of
					     them perhaps INVALID, the caller -> listener, server,
					     client, of those tasks */

	KX_CALL_TASK_CREATE = 32,  /* flags; bytes: "class\0name\0path\0", none empty, and, for each
				      endpoint of a class the image does not know,
				      "name\0interface\0riid\0" -> task handle */
	KX_CALL_TASK_ARGS = 33,    /* task; bytes: strings, argv[0] first */
	KX_CALL_TASK_ENV = 34,     /* task; bytes: strings "NAME=value" */
	KX_CALL_TASK_CONNECT = 35, /* client task, server task; bytes: channel name */
	KX_CALL_TASK_RUN = 36,     /* task */
	KX_CALL_TASK_WAIT = 37,    /* task, timeout ms -> exit code */
	KX_CALL_TASK_STOP = 38,    /* task, exit code */
	KX_CALL_TASK_ID = 39,      /* task -> task number */
	KX_CALL_TASK_TOLD_ARGS =
		40, /* bytes: arguments an Env program gave the caller, without argv[0] */
	KX_CALL_TASK_TOLD_ENV = 41, /* bytes: the variables it gave, "NAME=value" */
	KX_CALL_TASK_TOLD = 42,     /* nothing of both comes any more */

	KX_CALL_CM_CONNECT = 48, /* timeout ms; bytes: "server\0service\0" -> handle, riid */
	KX_CALL_CM_LISTEN = 49,  /* timeout ms -> bytes: "client\0service\0" */
	KX_CALL_CM_ACCEPT = 50,  /* riid, listener or INVALID; bytes: "client\0service\0"
				    -> listener handle */
	KX_CALL_CM_DROP = 51,    /* bytes: "client\0service\0" */

	KX_CALL_NOTICE_CREATE = 64,      /* -> notice handle */
	KX_CALL_NOTICE_SUBSCRIBE = 65,   /* notice, object, mask, id low, high */
	KX_CALL_NOTICE_UNSUBSCRIBE = 66, /* notice, object or INVALID, id low, high */
	KX_CALL_NOTICE_SET = 67,         /* object, mask */
	KX_CALL_NOTICE_GET = 68,         /* notice, timeout ms, most events -> count;
					    bytes: per event id low, high, mask */
	KX_CALL_NOTICE_DROP = 69,        /* notice: wakes every waiter */

	KX_CALL_MEMORY_CREATE = 80, /* size low, high, flags -> handle */
	KX_CALL_MEMORY_MAP = 81,    /* handle, flags -> packet number; packet MEMORY sent before */
	KX_CALL_MEMORY_SIZE = 82,   /* handle -> size low, high */

	KX_CALL_SECURITY = 96,   /* relayed message to the security module's own interface */
	KX_CALL_AUDIT_READ = 97, /* timeout ms -> 1 granted or 2 denied, records missed before;
				    bytes: one audit record as text; it is consumed */
	KX_CALL_AUDIT_OPEN = 98, /* bytes: "log name\0"; there is "kss" */
	KX_CALL_DROPPED = 99,    /* channel index, reason: a receiver refused a direct message */
	KX_CALL_AUDIT_CLOSE = 100,
	KX_CALL_ERROR_DENIED = 101, /* channel index, riid, mid: this server's runtime denied its
				       own error reply over that channel's region */
	KX_CALL_THREAD = 102,       /* may this entity make a thread? nothing else happens */

	KX_CALL_BOARD_TEXT = 112, /* -> 1 if there is a board file; bytes: its text */
	KX_CALL_BOARD_SET = 113,  /* pin, KX_BOARD_PIN_... -> generation */
	KX_CALL_BOARD_GET = 114,  /* -> generation; bytes: KX_BOARD_PINS times KX_BOARD_PIN_... */
	KX_CALL_BOARD_WAIT = 115, /* generation, timeout ms -> another generation */
};

/* Pins of the board: 8 ports of 64, as GPIO stand-ins set them. */
#define KX_BOARD_PINS     512u
#define KX_BOARD_PIN_IN   1u
#define KX_BOARD_PIN_OUT  2u
#define KX_BOARD_PIN_HIGH 4u /* what is put out while it is an output */
#define KX_BOARD_PIN_BITS 7u

/* Reasons of KX_CALL_DROPPED. */
enum kx_drop_reason {
	KX_DROP_NOT_DIRECT = 1,   /* the DIRECT bit of the method is not set */
	KX_DROP_MALFORMED = 2,    /* structure does not match the descriptors */
	KX_DROP_HOSTILE = 3,      /* impossible slot state or length: channel broken */
	KX_DROP_ERROR_DENIED = 4, /* an error reply that policy never grants for its method */
};

/* Channel to an Env program (env/env.h, ENV_SERVICE_NAME). */
#define KX_ENV_CHANNEL "kl.Env"

#define KX_CALL_ARGS    8u
#define KX_TIMEOUT_NONE UINT32_MAX

#endif /* KX_ABI_CALLS_H */
