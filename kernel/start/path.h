/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PATH_H
#define KX_PATH_H

#include <stdbool.h>

/*
 * A name in an image or an init.yaml: not empty, not absolute, and no part of it is "..",
 * so that it never leads out of the folder it is looked for in. Any thread.
 */
bool kx_path_is_inside(const char *path);

#endif /* KX_PATH_H */
