/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_ENGINE_H
#define KX_KAV_ENGINE_H

/*
 * An engine: bases and key as they were found on disk, with the state they put it in. Made
 * whole, never changed afterwards, shared by reference count; a reload makes a new one.
 *
 * The bases folder holds *.sig (kx_kav_bases.h), *.yar (kx_kav_yara.h) and MANIFEST: lines
 * "SHA-256 NAME" as sha256sum writes them. Only what MANIFEST names is loaded, after its sum was
 * compared. The name @program stands for the program itself.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "kx_kav_bases.h"
#include "kx_kav_scan.h"

#define KX_KAV_MANIFEST      "MANIFEST"
#define KX_KAV_MANIFEST_SELF "@program"

struct kx_kav_engine_files {
	const char *bases;   /* folder */
	const char *key;     /* file */
	const char *program; /* file whose sum MANIFEST has under @program; NULL: not checked */
	uint64_t anywhere;   /* see struct kx_kav_bases */
};

struct kx_kav_engine {
	atomic_uint refs;
	int state; /* 0, or the KX_KAV_ code that every check answers */
	time_t expires;
	struct kx_kav_bases bases;
	char why[KX_KAV_WHY_MAX]; /* the reason, when state is not 0 */
};

/*
 * Loads what @files names. Reads files, so it may block. NULL only when there is no memory;
 * everything else that can be wrong is a state. The caller owns one reference.
 */
struct kx_kav_engine *kx_kav_engine_load(const struct kx_kav_engine_files *files);
struct kx_kav_engine *kx_kav_engine_ref(struct kx_kav_engine *engine);
void kx_kav_engine_unref(struct kx_kav_engine *engine);

/* The state at @now: as loaded, and KX_KAV_NO_KEY | 1 once the key has expired. */
int kx_kav_engine_state(const struct kx_kav_engine *engine, time_t now, const char **why);

#endif /* KX_KAV_ENGINE_H */
