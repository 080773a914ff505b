/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PATH_H
#define KX_PATH_H

/*
 * How the path of every call is compiled: its small functions become one piece of code in
 * whatever needs them, and what few calls need stands elsewhere, so that it costs the others
 * no registers saved and no room in between.
 */

#define KX_ON_PATH inline __attribute__((always_inline))
#define KX_BESIDE_PATH                                                                             \
	__attribute__((noinline)) /* not rare, but no reason to make the path longer */
#define KX_OFF_PATH __attribute__((cold, noinline))

#endif /* KX_PATH_H */
