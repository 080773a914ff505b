/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICES_TASK_SCP_H
#define SERVICES_TASK_SCP_H

/*
 * Start-up data of a process. What stands in it is looked up with
 * coresrv/sl/sl_api.h; the header is here because programs include it.
 */

#include <rtl/stdint.h>

#endif /* SERVICES_TASK_SCP_H */
