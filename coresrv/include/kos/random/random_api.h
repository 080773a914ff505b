/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_RANDOM_RANDOM_API_H
#define KOS_RANDOM_RANDOM_API_H

/*
 * Random bytes fit for secrets, from Linux. Quality is always high: Linux
 * mixes its own sources, so seeds and sources given here change nothing. They
 * are still called and checked, so that a faulty source is noticed.
 */

#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>

typedef enum KosRandomQuality {
	KosRandomQualityLow = 0,
	KosRandomQualityHigh = 1,
} KosRandomQuality;

/* Writes @size bytes of entropy to @output; rcOk if it could. */
typedef Retcode (*KosRandomSeedMethod)(void *context, rtl_size_t size, void *output);

__RTL_BEGIN_DECLS

/*
 * Fills @output with @size random bytes. Blocks only until Linux's generator is
 * ready, shortly after the machine started. rcOk, or rcInvalidArgument.
 */
Retcode KosRandomGenerate(rtl_size_t size, void *output);

/* The same; @quality, if not RTL_NULL, gets how good they are. */
Retcode KosRandomGenerateEx(rtl_size_t size, void *output, KosRandomQuality *quality);

/* Accepts a seed. rcOk, or rcInvalidArgument if there is none. */
Retcode KosRandomInitSeed(rtl_size_t size, const void *seed);

/*
 * Registers a source, after asking it once for @size bytes; what it returns
 * other than rcOk is returned and it is not registered. @handle gets its name
 * for KosRandomUnregisterSrc. Also rcInvalidArgument, rcOutOfMemory.
 */
Retcode KosRandomRegisterSrc(KosRandomSeedMethod callback, void *context, rtl_size_t size,
			     void **handle);

/* rcOk, or rcResourceNotFound. */
Retcode KosRandomUnregisterSrc(void *handle);

__RTL_END_DECLS

#endif /* KOS_RANDOM_RANDOM_API_H */
