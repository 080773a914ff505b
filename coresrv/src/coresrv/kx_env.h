/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ENV_H
#define KX_ENV_H

/*
 * Before main: if this process has a channel to an Env program, asks it for arguments
 * and environment, and sets the environment it says. Blocks until it has answered; a
 * program that ends or refuses changes nothing. @program: argv[0], or NULL.
 */
void kx_env_fetch(const char *program);

/* The arguments it gave, behind @program, and NULL at the end; NULL if it gave none. */
char **kx_env_arguments(char *program, int *count);

#endif /* KX_ENV_H */
