/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NK_GEN_CXX_H
#define KX_NK_GEN_CXX_H

/*
 * Making C++ headers (X.idl.cpp.h and kin, for kosipc). One holds the chunks of
 * the C header and behind them C++ chunks: types and how they travel, then one
 * abstract class per interface with its proxy and stub, then components. What
 * generated code uses is in coresrv/include/kosipc/detail.
 */

#include "gen.h"

/* "a.b.I" as "::kosipc::<root>::a::b::I" */
const char *kx_cxx_path(struct kx_gen *gen, const char *root, const char *name);

/* Opens and closes "namespace kosipc::<root>::a::b" for "a.b.I". */
void kx_cxx_open(struct kx_gen *gen, const char *root, const char *name);
void kx_cxx_close(struct kx_gen *gen);

/* Says whether what is printed next, of @unit, has handles as descriptors. */
void kx_cxx_handles(struct kx_gen *gen, const struct kx_nk_unit *unit);

/* The C++ type, and the codec that carries its values, as C++ text. */
const char *kx_cxx_type(struct kx_gen *gen, const struct kx_nk_type *type);
const char *kx_cxx_codec(struct kx_gen *gen, const struct kx_nk_type *type);

/* gen_cxx.c: definitions of @unit and of what it imports. */
void kx_cxx_types(struct kx_gen *gen, const struct kx_nk_unit *unit);

/* gen_cxx_call.c: class, proxy and stub of an interface. */
void kx_cxx_interface(struct kx_gen *gen, const struct kx_nk_unit *unit);

/* gen_cxx_comp.c: a component or task with everything inside it. */
void kx_cxx_component(struct kx_gen *gen, const struct kx_nk_unit *unit);

#endif /* KX_NK_GEN_CXX_H */
