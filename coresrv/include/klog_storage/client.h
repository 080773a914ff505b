/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KLOG_STORAGE_CLIENT_H
#define KLOG_STORAGE_CLIENT_H

/* Channel to the program that keeps audit records, for init.yaml and for both sides. */
#define KLOG_STORAGE_SERVER_CONNECTION_ID "kl.KlogStorage"

#endif /* KLOG_STORAGE_CLIENT_H */
