/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_FS_H
#define KX_FS_H

/* Folder of the image's files: "/". Tests put another one here, before the first KnFsOpen. */
extern const char *kx_fs_root;

#endif /* KX_FS_H */
