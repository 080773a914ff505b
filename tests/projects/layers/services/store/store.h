/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_H
#define STORE_H

#include <layers/store/Store.cdl.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A component with everything in it; up to two. */
struct layers_store_Store_component *store_make(void);

#ifdef __cplusplus
}
#endif

#endif
