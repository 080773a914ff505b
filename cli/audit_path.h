/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_AUDIT_PATH_H
#define KX_CLI_AUDIT_PATH_H

/*
 * Where `kosix run` leaves audit records when nobody said where, and `kosix
 * explain` looks for them: one file per image name, of its last run, in
 * $XDG_STATE_HOME/kosix or ~/.local/state/kosix. KOSIX_AUDIT names another file;
 * "off" means none.
 */

/* The file for runs of @image, its folders made; to be freed. NULL: none. */
char *kx_audit_path(const char *image);

/* The file that was written last; to be freed. NULL: there is none. */
char *kx_audit_newest(void);

#endif /* KX_CLI_AUDIT_PATH_H */
