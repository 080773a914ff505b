/* SPDX-License-Identifier: Apache-2.0 */

/* All of it is in the library. */
typedef int nothing;
