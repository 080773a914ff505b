/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_PATHS_H
#define KX_KAV_PATHS_H

/* Where the daemon's own files are. */

#include <stdbool.h>

#define KX_KAV_SOCKET_PATH   4096
#define KX_KAV_SOCKET_NAME   "AvpCtl"
#define KX_KAV_PID_NAME      "AvpPid"
#define KX_KAV_DEFAULT_PLACE "/var/run"

/* FOLDER/NAME; false after saying so when it is too long. */
bool kx_kav_path_in(char path[KX_KAV_SOCKET_PATH], const char *folder, const char *name);

#endif /* KX_KAV_PATHS_H */
