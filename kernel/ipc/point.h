/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_POINT_H
#define KX_POINT_H

/*
 * Killpoint build only: what happens before the n-th operation on a
 * shared word. Set through the environment of one process:
 *
 *   KX_POINT_AT=n       act before operation n (from 0); unset: only count
 *   KX_POINT_SITE=n     act when the n-th place of the code (from 0) is come to that has such an
 *                       operation, which is said on standard error
 *   KX_POINT_DO=kill|stop|sleep|abort   SIGKILL (default), SIGSTOP, 10 ms asleep, or abort()
 *   KX_POINT_REPORT=fd  at exit write the number of operations there
 *   KX_POINT_SEED=n     seed of random delays before all of them (0: none)
 *
 * or by a test that forks, in the child itself: @action is the first letter that
 * differs, 'k', 't' or 'l'. kx_point_count() counts from the last kx_point_set().
 */
void kx_point_set(long at, char action);
unsigned long kx_point_count(void);

#endif /* KX_POINT_H */
