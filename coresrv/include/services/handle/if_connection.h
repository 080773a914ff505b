/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICES_HANDLE_IF_CONNECTION_H
#define SERVICES_HANDLE_IF_CONNECTION_H

/*
 * Names of channels and endpoints. Generated Einit programs include this header; the
 * calls that use the names are in coresrv/entity/entity_api.h and
 * coresrv/sl/sl_api.h.
 */

#include <handle/handletype.h>
#include <rtl/stdint.h>

/* Longest channel name, and the space it takes with its zero byte. */
#define HANDLE_CONNECTION_NAME_MAX  127U
#define HANDLE_CONNECTION_NAME_SIZE (HANDLE_CONNECTION_NAME_MAX + 1U)

/* No endpoint: what ServiceLocatorGetRiid() answers, what clients begin with (an nk_iid_t). */
#define INVALID_RIID ((rtl_uint16_t)0xFFFFU)

#endif /* SERVICES_HANDLE_IF_CONNECTION_H */
