/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ENV_MESSAGE_H
#define KX_ENV_MESSAGE_H

/* Messages of kl.Env (sdk/sysroot/include/kl/Env.idl) as libkos sends them. */

#include <nk/types.h>

#define KX_ENV_NAME_SIZE 65u /* with the zero */
#define KX_ENV_PART_SIZE 4096u

enum {
	KX_ENV_READ,
};

struct kx_env_read_req {
	struct nk_message base_;
	nk_ptr_t name;
};

struct kx_env_read_res {
	struct nk_message base_;
	nk_ptr_t args;
	nk_ptr_t envs;
};

#endif /* KX_ENV_MESSAGE_H */
