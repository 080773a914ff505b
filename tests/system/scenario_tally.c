/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Counts every Call, Recv and Reply of this program, which is linked with --wrap, for tally.h. Each
 * is counted on the side of what may be true already: a call before it is made, a reply too, and is
 * taken back when it was refused; so the numbers agree at any moment at which nobody is told.
 */

#include <signal.h>
#include <stdatomic.h>

#include "scenario.h"
#include "tally.h"

/* Named by the linker. */
Retcode __real_CallEx(Handle, const SMsgHdr *, SMsgHdr *, rtl_uint32_t, Handle);
Retcode __real_RecvEx(Handle, SMsgHdr *, rtl_uint32_t, Handle);
Retcode __real_Reply(Handle, const SMsgHdr *);
Retcode __wrap_Call(Handle, const SMsgHdr *, SMsgHdr *);
Retcode __wrap_CallEx(Handle, const SMsgHdr *, SMsgHdr *, rtl_uint32_t, Handle);
Retcode __wrap_Recv(Handle, SMsgHdr *);
Retcode __wrap_RecvEx(Handle, SMsgHdr *, rtl_uint32_t, Handle);
Retcode __wrap_Reply(Handle, const SMsgHdr *);

static atomic_ulong begun, answered, received, replied;

Retcode __wrap_CallEx(Handle handle, const SMsgHdr *out, SMsgHdr *in, rtl_uint32_t mdelay,
		      Handle sync)
{
	Retcode rc;

	atomic_fetch_add(&begun, 1);
	rc = __real_CallEx(handle, out, in, mdelay, sync);
	if (rc == rcOk)
		atomic_fetch_add(&answered, 1);
	return rc;
}

Retcode __wrap_Call(Handle handle, const SMsgHdr *out, SMsgHdr *in)
{
	return __wrap_CallEx(handle, out, in, INFINITE_TIMEOUT, INVALID_HANDLE);
}

Retcode __wrap_RecvEx(Handle handle, SMsgHdr *in, rtl_uint32_t mdelay, Handle sync)
{
	Retcode rc = __real_RecvEx(handle, in, mdelay, sync);

	if (rc == rcOk)
		atomic_fetch_add(&received, 1);
	return rc;
}

Retcode __wrap_Recv(Handle handle, SMsgHdr *in)
{
	return __wrap_RecvEx(handle, in, INFINITE_TIMEOUT, INVALID_HANDLE);
}

Retcode __wrap_Reply(Handle handle, const SMsgHdr *out)
{
	Retcode rc;

	atomic_fetch_add(&replied, 1);
	rc = __real_Reply(handle, out);
	if (rc != rcOk)
		atomic_fetch_sub(&replied, 1);
	return rc;
}

void tally_serves(void)
{
	atomic_fetch_add(&received, 1);
	atomic_fetch_add(&replied, 1);
}

static void tell(const char *when)
{
	char line[160];
	int length =
		snprintf(line, sizeof(line), TALLY_LINE, when, (int)getpid(), atomic_load(&begun),
			 atomic_load(&answered), atomic_load(&received), atomic_load(&replied));

	(void)!write(STDERR_FILENO, line, (size_t)length);
}

static void tell_alive(int signal)
{
	(void)signal;
	tell(TALLY_ALIVE);
}

void tally_begin(void)
{
	struct sigaction action = {.sa_handler = tell_alive, .sa_flags = SA_RESTART};

	CHECK(sigaction(TALLY_SIGNAL, &action, NULL) == 0);
}

void tally_end(void)
{
	(void)signal(TALLY_SIGNAL, SIG_IGN);
	tell(TALLY_ENDED);
}
