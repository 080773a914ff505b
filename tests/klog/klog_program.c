/* SPDX-License-Identifier: Apache-2.0 */
#include <klog/system_audit.h>
#include <klog_storage/client.h>

int main(void)
{
	return klog_system_audit_run(
		KLOG_SERVER_CONNECTION_ID ":" KLOG_STORAGE_SERVER_CONNECTION_ID, 0);
}
