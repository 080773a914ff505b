/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_FS_FS_API_H
#define CORESRV_FS_FS_API_H

/*
 * Files of the image, read-only and without folders: what a process can read
 * that has no VFS. A file's handle is known to these functions only; 64 files
 * may be open at a time. Any thread may use any of them.
 */

#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>
#include <services/fs/FS.idl.h>

__RTL_BEGIN_DECLS

/*
 * Opens file @name of the image. rcOk, or: rcInvalidArgument (no name, a folder in
 * it, too long), rcResourceNotFound, rcQuotaExceeded.
 */
Retcode KnFsOpen(const char *name, Handle *file);

/*
 * Reads block @sectorNumber, of kl_core_FS_SectorSize bytes, to @data; @read gets how
 * many bytes there were, fewer only at the end of the file, 0 behind it. rcOk,
 * rcInvalidArgument, rcFail.
 */
Retcode KnFsRead(Handle file, rtl_uint32_t sectorNumber, void *data, rtl_size_t *read);

/* Bytes of a file. rcOk, rcInvalidArgument, rcFail. */
Retcode KnFsGetFileSize(Handle file, rtl_size_t *size);

/* Closes a file. rcOk, rcInvalidArgument. */
Retcode KnFsClose(Handle file);

/* How many files the image has, and how many bytes they are. rcOk, rcInvalidArgument, rcFail. */
Retcode KnFsCountFiles(rtl_size_t *count);
Retcode KnFsGetFsSize(rtl_size_t *size);

/*
 * File number @index, from 0, in the order of names: its name with its zero, into
 * kl_core_FS_NameSize bytes, and its size. rcOk, or, with nothing written: rcInvalidArgument,
 * rcResourceNotFound (there are not so many), rcFail.
 */
Retcode KnFsGetFileInfo(rtl_size_t index, char *name, rtl_size_t *size);

/* The number of an open file for KnFsGetFileInfo(). rcOk, rcInvalidArgument, rcFail. */
Retcode KnFsGetFileId(Handle file, rtl_size_t *index);

/* The image is what it is: rcUnimplemented. */
Retcode KnFsChange(const char *name);

__RTL_END_DECLS

#endif /* CORESRV_FS_FS_API_H */
