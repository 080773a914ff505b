/* SPDX-License-Identifier: Apache-2.0 */

/*
 * KnPmmMdl*: memory objects of the kernel process. A mapping is asked for once;
 * the descriptor comes on the control socket and is closed when mapped.
 */

#include <coresrv/handle/handle_api.h>
#include <coresrv/vmm/vmm_api.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kx_vmm.h"
#include "rt.h"

static Retcode ask(uint32_t op, uint32_t args[KX_CALL_ARGS])
{
	return kx_rt_kcall(op, args, NULL, 0, NULL, NULL);
}

Retcode KnPmmMdlCreate(rtl_size_t size, rtl_uint32_t flags, Handle *mdl)
{
	uint32_t args[KX_CALL_ARGS] = {(uint32_t)size, (uint32_t)(size >> 32), flags};
	Retcode rc;

	if (!mdl || size == 0)
		return rcInvalidArgument;
	rc = ask(KX_CALL_MEMORY_CREATE, args);
	if (rc == rcOk)
		*mdl = args[0];
	return rc;
}

Retcode KnPmmMdlGetSize(Handle mdl, rtl_size_t *size)
{
	uint32_t args[KX_CALL_ARGS] = {mdl};
	Retcode rc;

	if (!size)
		return rcInvalidArgument;
	rc = ask(KX_CALL_MEMORY_SIZE, args);
	if (rc == rcOk)
		*size = (uint64_t)args[1] << 32 | args[0];
	return rc;
}

/* The descriptor of @mdl; the caller closes it. */
static Retcode fetch_fd(Handle mdl, int flags, int *fd)
{
	uint32_t args[KX_CALL_ARGS] = {mdl, (uint32_t)flags};
	Retcode rc = ask(KX_CALL_MEMORY_MAP, args);

	if (rc != rcOk)
		return rc;
	*fd = kx_rt_packet_fd(args[0]);
	return *fd >= 0 ? rcOk : rcInternalError;
}

static Retcode check_range(Handle mdl, rtl_size_t offset, rtl_size_t size)
{
	rtl_size_t whole = 0;
	Retcode rc = KnPmmMdlGetSize(mdl, &whole);

	if (rc != rcOk)
		return rc;
	return offset <= whole && size <= whole - offset ? rcOk : rcInvalidArgument;
}

Retcode KnPmmMdlMap(Handle mdl, rtl_size_t offset, rtl_size_t size, void *hint, int flags,
		    void **ptr)
{
	int how = MAP_SHARED | (hint ? MAP_FIXED_NOREPLACE : 0);
	void *at;
	int fd = -1;
	Retcode rc;

	if (!ptr || !kx_vmm_range_ok((uintptr_t)hint, size) || offset % PAGE_SIZE != 0 ||
	    !kx_vmm_access_ok(flags))
		return rcInvalidArgument;
	rc = check_range(mdl, offset, size);
	if (rc == rcOk)
		rc = fetch_fd(mdl, flags, &fd);
	if (rc != rcOk)
		return rc;
	at = mmap(hint, size, kx_vmm_prot(flags), how, fd, (off_t)offset);
	(void)close(fd);
	if (at == MAP_FAILED)
		return hint ? rcInvalidArgument : rcOutOfMemory;
	if (!kx_vmm_adopt(at, size, flags)) {
		(void)munmap(at, size);
		return rcOutOfMemory;
	}
	*ptr = at;
	return rcOk;
}

Retcode KnPmmMdlCreateFromVm(void *addr, rtl_size_t size, rtl_uint32_t flags, Handle *mdl)
{
	int fd = -1;
	Handle fresh;
	Retcode rc;

	if (!mdl || !kx_vmm_range_ok((uintptr_t)addr, size))
		return rcInvalidArgument;
	rc = KnPmmMdlCreate(size, flags, &fresh);
	if (rc != rcOk)
		return rc;
	rc = fetch_fd(fresh, VMM_FLAG_READ | VMM_FLAG_WRITE, &fd);
	if (rc == rcOk) {
		rc = kx_vmm_share(addr, size, fd);
		(void)close(fd);
	}
	if (rc == rcOk)
		*mdl = fresh;
	else
		(void)KnHandleClose(fresh);
	return rc;
}

Retcode KnPmmMdlClone(Handle mdl, Handle *clone)
{
	return KnHandleCopy(mdl, OCAP_PMM_FULL, INVALID_HANDLE, clone);
}

Retcode KnPmmMdlCreateFromBuf(const void *buf, rtl_size_t size, rtl_uint32_t flags, Handle *mdl)
{
	rtl_size_t pages = (size + PAGE_SIZE - 1) & PAGE_MASK;
	Handle fresh;
	void *at;
	Retcode rc;

	if (!buf || !mdl || size == 0 || pages == 0)
		return rcInvalidArgument;
	rc = KnPmmMdlCreate(size, flags, &fresh);
	if (rc != rcOk)
		return rc;
	rc = KnPmmMdlMap(fresh, 0, pages, RTL_NULL, VMM_FLAG_READ | VMM_FLAG_WRITE, &at);
	if (rc != rcOk) {
		(void)KnHandleClose(fresh);
		return rc;
	}
	memcpy(at, buf, size);
	(void)KnVmUnmap(at, pages);
	*mdl = fresh;
	return rcOk;
}
