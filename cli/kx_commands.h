/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_COMMANDS_H
#define KX_CLI_COMMANDS_H

/*
 * One subcommand, one file: cmd_NAME.c. Each gets its own argv (argv[0] is the
 * subcommand's name) and returns the exit status of `kosix`.
 */

int kx_cmd_run(int argc, char **argv);
int kx_cmd_ps(int argc, char **argv);
int kx_cmd_board(int argc, char **argv);
int kx_cmd_errno(int argc, char **argv);
int kx_cmd_policy(int argc, char **argv);
/* `kosix policy what-if`, by cmd_policy.c */
int kx_cmd_what_if(int argc, char **argv);
int kx_cmd_audit_level(int argc, char **argv);
int kx_cmd_explain(int argc, char **argv);

/* "kosix: TEXT" on stderr. */
void kx_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* KX_CLI_COMMANDS_H */
