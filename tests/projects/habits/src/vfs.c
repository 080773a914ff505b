/* SPDX-License-Identifier: Apache-2.0 */
/* The SDK's library has main(). */
#include <habits/Vfs.edl.h>
