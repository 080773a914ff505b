/* SPDX-License-Identifier: Apache-2.0 */

/* As sha256.h beside it: in Mbed TLS 3 a context starts with PKCS#1 v1.5 padding. */

#include_next <mbedtls/rsa.h>

#ifndef KOSIX_MBEDTLS_RSA_H
#define KOSIX_MBEDTLS_RSA_H

#include <mbedtls/version.h>

#if MBEDTLS_VERSION_MAJOR < 3
#define KOSIX_RSA_INIT(context, padding, hash, ...) mbedtls_rsa_init(context, padding, hash)
#define mbedtls_rsa_init(...)                       KOSIX_RSA_INIT(__VA_ARGS__, MBEDTLS_RSA_PKCS_V15, 0, 0)
#endif

#endif
