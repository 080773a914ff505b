/* SPDX-License-Identifier: Apache-2.0 */

/* The texts of `kosix errno`. Facts about the codes: docs/CAVEATS.md, "Return codes". */

#include "errno_table.h"

#include <rtl/retcode.h>

const struct kx_errno_entry kx_errno_table[] = {
	{rcOk, "rcOk", "success", "nothing went wrong; NK_EOK is the same value"},
	{rcInvalidArgument, "rcInvalidArgument", "a parameter is not acceptable",
	 "a NULL where data are needed, a handle this process does not have, or a message whose "
	 "size or arena does not fit the interface (did client and server compile the same IDL?)"},
	{rcNotConnected, "rcNotConnected", "client and server are not connected",
	 "the server has ended or closed its handle, or the channel is not in init.yaml: "
	 "`kosix ps` shows who lives and which channels exist"},
	{rcOutOfMemory, "rcOutOfMemory", "no memory",
	 "the entity's memory limit, or the arena of a message is too small for what goes in"},
	{rcBufferTooSmall, "rcBufferTooSmall", "the result does not fit the buffer",
	 "the receiver's request structure or arena is smaller than the message sent to it"},
	{rcInternalError, "rcInternalError", "something inside is inconsistent",
	 "a bug in Kosix or in the library that returned it; please report it"},
	{rcTransferError, "rcTransferError", "sending an IPC message failed",
	 "the process is being ended, or its link to the kernel process was closed"},
	{rcReceiveError, "rcReceiveError", "receiving an IPC message failed",
	 "the process is being ended, or its link to the kernel process was closed"},
	{rcSourceFault, "rcSourceFault", "not transferred, the sender is at fault",
	 "the sender's message lies outside its memory or is malformed"},
	{rcTargetFault, "rcTargetFault", "not transferred, the receiver is at fault",
	 "the receiver's buffer lies outside its memory"},
	{rcIpcInterrupt, "rcIpcInterrupt", "another thread interrupted the IPC call",
	 "KnIpcSetInterrupt on the sync object given to CallEx or RecvEx, or KosThreadTerminate"},
	{rcRestart, "rcRestart", "call the function again", "the state changed half way"},
	{rcFail, "rcFail", "failed, no more is known",
	 "most often returned by application code; look at what it printed before"},
	{rcNoCapability, "rcNoCapability", "the resource does not offer this operation",
	 "the handle is of another kind than the call expects"},
	{rcNotReady, "rcNotReady", "not initialised",
	 "an ...Init function (GpioInit, UartInit, ...) was not called or failed"},
	{rcUnimplemented, "rcUnimplemented", "not implemented",
	 "a call for drivers or hardware that Kosix does not have: see docs/CAVEATS.md"},
	{rcBufferTooLarge, "rcBufferTooLarge", "the buffer is too large",
	 "the message exceeds the limit (4 MiB unless set otherwise)"},
	{rcBusy, "rcBusy", "in use by somebody else at the moment",
	 "a Try... function found the lock taken, or a semaphore has waiters"},
	{rcResourceNotFound, "rcResourceNotFound", "there is no such thing",
	 "a wrong name: channel, endpoint, pin, thread number; also the end of an enumeration"},
	{rcTimeout, "rcTimeout", "the time to wait is over",
	 "nobody answered or released in time; for IPC see `kosix ps` for who is blocked on whom"},
	{rcSecurityDisallow, "rcSecurityDisallow",
	 "the security policy or a handle right forbids it",
	 "no rule grants this message (no rule at all is a denial): `kosix explain` names the "
	 "event "
	 "and the rules; C programs see it as NK_EPERM"},
	{rcFutexWouldBlock, "rcFutexWouldBlock", "the futex does not hold the expected value",
	 "the value changed before the wait began; look at it again"},
	{rcAbort, "rcAbort", "given up half way", "the other side gave up or was ended"},
	{rcInvalidThreadState, "rcInvalidThreadState", "not allowed in an interrupt handler",
	 "Kosix has no interrupt handlers and does not return this code"},
	{rcAlreadyExists, "rcAlreadyExists", "it is there already",
	 "registered, published or subscribed twice"},
	{rcInvalidOperation, "rcInvalidOperation", "cannot be done in this state",
	 "Reply without a request owed, resuming a thread that runs, waiting for oneself"},
	{rcHandleRevoked, "rcHandleRevoked", "the handle's rights were taken back",
	 "the owner called KnHandleRevoke; close the handle and ask for a new one"},
	{rcQuotaExceeded, "rcQuotaExceeded", "a quota is used up",
	 "handles, threads, channels or memory of the entity: `kosix ps` shows the limits"},
	{rcDeviceNotFound, "rcDeviceNotFound", "there is no such device",
	 "the port or module name is not in the board file (KOSIX_BOARD)"},
	{rcOverflow, "rcOverflow", "the value does not fit", "a counter reached its maximum"},
	{rcAlreadyDone, "rcAlreadyDone", "has been done before", "initialised twice"},
	{rcNotStarted, "rcNotStarted", "was not started", "stopped before it was started"},
	{-1, "NK_EPERM", "forbidden by the security policy",
	 "the client's view of rcSecurityDisallow: `kosix explain` names the event and the rules"},
	{-2, "NK_ENOENT", "no such method or endpoint",
	 "the request's RIID or method number is not one the server's dispatcher knows"},
	{-11, "NK_EAGAIN", "not now", "a time-out or an interrupted IPC call"},
	{-12, "NK_ENOMEM", "no memory", "the message arena is too small"},
	{-22, "NK_EINVAL", "a parameter is not acceptable",
	 "the server's handler failed, it has none for the method, or its answer is not built as "
	 "the IDL says; else a handle this process does not have"},
	{-39, "NK_ENOTEMPTY", "not empty", "returned by application code only"},
	{-42, "NK_ENOMSG", "no message", "nothing has been received that could be answered"},
	{-74, "NK_EBADMSG", "bad message",
	 "the answer does not fit the arena given for it, or the server did not reset its own; any "
	 "transport error without a closer nk_err_t: Call and CallEx give the Retcode"},
	{-107, "NK_ENOTCONN", "not connected", "the server has ended or closed its handle"},
};

const size_t kx_errno_count = sizeof(kx_errno_table) / sizeof(kx_errno_table[0]);
