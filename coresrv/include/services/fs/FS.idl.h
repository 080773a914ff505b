/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICES_FS_FS_IDL_H
#define SERVICES_FS_FS_IDL_H

/* Sizes of kl.core.FS, the files of the image. */

#include <nk/types.h>

/* Bytes one KnFsRead delivers at most. */
#define kl_core_FS_SectorSize ((nk_uint32_t)4096U)

/* Bytes of a file's name, with the zero. */
#define kl_core_FS_NameSize ((nk_uint32_t)256U)

#endif /* SERVICES_FS_FS_IDL_H */
