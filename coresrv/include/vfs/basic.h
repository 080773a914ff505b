/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VFS_BASIC_H
#define VFS_BASIC_H

/*
 * What a client of a VFS includes. File and socket calls are those of the C
 * library; no connection has to be set up by hand.
 */

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <vfs/defs.h>

#endif /* VFS_BASIC_H */
