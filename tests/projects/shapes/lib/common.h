/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
void helper_say(const char *who);
int object_value(void);
#ifdef __cplusplus
}
#endif
