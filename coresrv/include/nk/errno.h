/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_ERRNO_H
#define NK_ERRNO_H

/*
 * Results of the nk run time: 0 or a negated POSIX number. A call that policy
 * denies returns NK_EPERM. NK_EOK is 0, as rcOk is: public code compares with
 * either.
 */

#include <nk/inttypes.h>

typedef int nk_err_t;

#define NK_EOK       0
#define NK_EPERM     (-1)
#define NK_ENOENT    (-2)
#define NK_EAGAIN    (-11)
#define NK_ENOMEM    (-12)
#define NK_EINVAL    (-22)
#define NK_ENOTEMPTY (-39)
#define NK_ENOMSG    (-42)
#define NK_EBADMSG   (-74)
#define NK_ENOTCONN  (-107)

/*
 * Logical errors: the value of the one `error UInt16 status` parameter that
 * code generated without extended errors returns as a method's result. They
 * are positive, so they meet neither the codes above nor a Retcode.
 */
#define __NK_ELOGIC_BASE    0x10000
#define NK_ELOGIC(status)   (__NK_ELOGIC_BASE | (__nk_cast(nk_err_t, status) & 0xffff))
#define NK_ELOGIC_CHECK(rc) ((__nk_cast(nk_err_t, rc) & ~0xffff) == __NK_ELOGIC_BASE)
#define NK_ELOGIC_GET(rc)   __nk_cast(nk_uint16_t, __nk_cast(nk_err_t, rc) & 0xffff)

#endif /* NK_ERRNO_H */
