/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_RETCODE_H
#define RTL_RETCODE_H

/*
 * Retcode: what nearly every call returns. 0 is success; anything else is an
 * error built from fields:
 *
 *   bit   31      severity, 1 = error
 *         30      0
 *         29      customer: 1 = defined by the developer of the solution
 *         28      1, says that the fields below are meant
 *         27..23  space     (global number; two sets, one per customer bit)
 *         22..16  facility  (number inside the space)
 *         15..0   code
 *
 * Source: CE 1.1 to 1.4 "Return codes" for fields, macros and the meanings of the general
 * codes; their numbers and the positions of the fields as public builds of CE 1.1 to 1.3 have
 * them; the bits 28 and 31 from one value printed by CE 1.4. What is decided here: CAVEATS,
 * "Return codes and rtl".
 *
 * To print one: rtl/retcode_hr.h. To look one up: `kosix errno VALUE`.
 */

#include <rtl/stdint.h>

typedef __INT32_TYPE__ Retcode;

#define RC_CUSTOMER_FALSE 0
#define RC_CUSTOMER_TRUE  1

#define RC_SPACE_GENERAL    0
#define RC_SPACE_KERNEL     1
#define RC_SPACE_DRIVERS    2
#define RC_SPACE_NK         3
#define RC_SPACE_SDK        4
#define RC_SPACE_TEST       5
#define RC_SPACE_MULTIMEDIA 6

/* In RC_SPACE_GENERAL, _KERNEL, _SDK, ...: no finer division. */
#define RC_FACILITY_NONE 0

/* In RC_SPACE_DRIVERS. */
#define RC_FACILITY_I2C    1
#define RC_FACILITY_USB    2
#define RC_FACILITY_BLKDEV 3

/*
 * Builds an error code; a constant expression. @desc is for the reader of the
 * source only and is not evaluated. Bits that do not fit a field are cut off.
 */
#define MAKE_RETCODE(customer, space, facility, code, desc)                                        \
	((Retcode)(0x90000000U | (((rtl_uint32_t)(customer)&0x1U) << 29) |                         \
		   (((rtl_uint32_t)(space)&0x1fU) << 23) |                                         \
		   (((rtl_uint32_t)(facility)&0x7fU) << 16) | ((rtl_uint32_t)(code)&0xffffU)))

/* The fields of @rc; all 0 for rcOk. */
#define RC_GET_CUSTOMER(rc) ((((rtl_uint32_t)(rc)) >> 29) & 0x1U)
#define RC_GET_SPACE(rc)    ((((rtl_uint32_t)(rc)) >> 23) & 0x1fU)
#define RC_GET_FACILITY(rc) ((((rtl_uint32_t)(rc)) >> 16) & 0x7fU)
#define RC_GET_CODE(rc)     (((rtl_uint32_t)(rc)) & 0xffffU)

#define rcOk ((Retcode)0)

/* General codes. 11 is not in use. */
#define RTL_RC_GENERAL_(code, desc)                                                                \
	MAKE_RETCODE(RC_CUSTOMER_FALSE, RC_SPACE_GENERAL, RC_FACILITY_NONE, code, desc)

#define rcInvalidArgument    RTL_RC_GENERAL_(1, "a parameter is not acceptable")
#define rcNotConnected       RTL_RC_GENERAL_(2, "client and server are not connected")
#define rcOutOfMemory        RTL_RC_GENERAL_(3, "no memory")
#define rcBufferTooSmall     RTL_RC_GENERAL_(4, "the result does not fit the buffer")
#define rcInternalError      RTL_RC_GENERAL_(5, "something inside is inconsistent")
#define rcTransferError      RTL_RC_GENERAL_(6, "sending the IPC message failed")
#define rcReceiveError       RTL_RC_GENERAL_(7, "receiving the IPC message failed")
#define rcSourceFault        RTL_RC_GENERAL_(8, "not transferred, the sender's memory is at fault")
#define rcTargetFault        RTL_RC_GENERAL_(9, "not transferred, the receiver's memory is at fault")
#define rcIpcInterrupt       RTL_RC_GENERAL_(10, "another thread interrupted the IPC call")
#define rcRestart            RTL_RC_GENERAL_(12, "call again")
#define rcFail               RTL_RC_GENERAL_(13, "failed, no more is known")
#define rcNoCapability       RTL_RC_GENERAL_(14, "the resource does not offer this operation")
#define rcNotReady           RTL_RC_GENERAL_(15, "not initialised")
#define rcUnimplemented      RTL_RC_GENERAL_(16, "not implemented")
#define rcBufferTooLarge     RTL_RC_GENERAL_(17, "the buffer is too large")
#define rcBusy               RTL_RC_GENERAL_(18, "in use by somebody else at the moment")
#define rcResourceNotFound   RTL_RC_GENERAL_(19, "there is no such thing")
#define rcTimeout            RTL_RC_GENERAL_(20, "the time to wait is over")
#define rcSecurityDisallow   RTL_RC_GENERAL_(21, "the security policy or a handle right forbids it")
#define rcFutexWouldBlock    RTL_RC_GENERAL_(22, "the futex does not hold the expected value")
#define rcAbort              RTL_RC_GENERAL_(23, "given up half way")
#define rcInvalidThreadState RTL_RC_GENERAL_(24, "not allowed in an interrupt handler")
#define rcAlreadyExists      RTL_RC_GENERAL_(25, "it is there already")
#define rcInvalidOperation   RTL_RC_GENERAL_(26, "cannot be done in this state")
#define rcHandleRevoked      RTL_RC_GENERAL_(27, "the handle's rights were taken back")
#define rcQuotaExceeded      RTL_RC_GENERAL_(28, "a quota is used up")
#define rcDeviceNotFound     RTL_RC_GENERAL_(29, "there is no such device")
#define rcOverflow           RTL_RC_GENERAL_(30, "the value does not fit")
#define rcAlreadyDone        RTL_RC_GENERAL_(31, "has been done before")
#define rcNotStarted         RTL_RC_GENERAL_(32, "was not started")

#endif /* RTL_RETCODE_H */
