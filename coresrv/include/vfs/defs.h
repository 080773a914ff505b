/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VFS_DEFS_H
#define VFS_DEFS_H

/* Names and sizes of the file system service. */

/* Channel from a program to its VFS, for init.yaml: {var: ..., include: vfs/defs.h}. */
#define _VFS_CONNECTION_ID "kl.VfsEntity"

/* Bytes one request carries at most. */
#define VFS_BUFFER_SIZE 65536
#define VFS_BUFSIZ      VFS_BUFFER_SIZE

#endif /* VFS_DEFS_H */
