/* SPDX-License-Identifier: Apache-2.0 */
#include <klog/system_audit.h>
#include <klog_storage/client.h>
#include <watched/Klog.edl.h>

int main(void)
{
	return klog_system_audit_run(KLOG_SERVER_CONNECTION_ID
				     ":" KLOG_STORAGE_SERVER_CONNECTION_ID,
				     watched_Klog_klog_audit_iid);
}
