/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VFS_VFS_H
#define VFS_VFS_H

/* The same as vfs/basic.h, with mounting. */

#include <sys/mount.h>

#include <vfs/basic.h>

#endif /* VFS_VFS_H */
