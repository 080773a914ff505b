/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ENV_H
#define KX_ENV_H

/*
 * Before main: if this process has a channel to an Env program, asks it for the
 * environment and sets what it says. Blocks until it has answered; a program
 * that ends or refuses changes nothing.
 */
void kx_env_fetch(void);

#endif /* KX_ENV_H */
