/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The SDK has Mbed TLS 3; this machine may have 2, where the functions that return a
 * code are called ..._ret and those without it return nothing. Found before the
 * machine's own header only when that is version 2.
 */

#include_next <mbedtls/sha256.h>

#ifndef KOSIX_MBEDTLS_SHA256_H
#define KOSIX_MBEDTLS_SHA256_H

#include <mbedtls/version.h>

#if MBEDTLS_VERSION_MAJOR < 3
#define mbedtls_sha256        mbedtls_sha256_ret
#define mbedtls_sha256_starts mbedtls_sha256_starts_ret
#define mbedtls_sha256_update mbedtls_sha256_update_ret
#define mbedtls_sha256_finish mbedtls_sha256_finish_ret
#endif

#endif
