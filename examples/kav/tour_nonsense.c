/* SPDX-License-Identifier: Apache-2.0 */

/* What a hostile client can say to the scanner: numbers. */

#include <errno.h>
#include <stdio.h>

#include <coresrv/handle/handle_api.h>

#include "kos/kos_call.h"
#include "tour.h"

#define LENT    (64u << 10)
#define GUESSES 1000

static bool refused(int code)
{
	return code == KAV_ERROR_READ && errno == EPROTO;
}

static unsigned wrong_tokens(const struct kx_kav_target *target)
{
	uint8_t content[64];
	size_t len;
	unsigned wrong = 0;

	for (uint64_t token = 0; token < GUESSES; token++) {
		wrong += !refused(kx_kav_kos_cure(target, token, content, sizeof(content), &len));
		wrong += !refused(kx_kav_kos_delete(target, token << 32 | token));
	}
	return wrong;
}

/* A token is good once, and for one remedy. */
static unsigned token_twice(const struct kx_kav_target *target)
{
	const char *text = kx_kav_tour_pattern("DELE-");
	struct kx_kav_judged judged = {0};
	uint8_t content[64];
	size_t len = 0;
	unsigned wrong;

	while (text[len])
		len++;
	if (kx_kav_kos_buffer(target, text, len, &judged) != 0 || judged.token == 0)
		return 1;
	wrong = !refused(kx_kav_kos_cure(target, judged.token, content, sizeof(content), &len));
	wrong += kx_kav_kos_delete(target, judged.token) != 0;
	return wrong + !refused(kx_kav_kos_delete(target, judged.token));
}

static unsigned wrong_memory(const struct kx_kav_target *target)
{
	struct kx_kav_judged judged = {0};
	struct kx_kav_shmem lent = {0};
	unsigned wrong;

	if (kx_kav_transport_kos->shmem_open(target, LENT, NULL, &lent) != 0)
		return 1;
	/* More than the memory has: refused, also after it was lent anew. */
	wrong = !refused(kx_kav_kos_shared(target, &lent, LENT + 4096, &judged));
	wrong += !refused(kx_kav_kos_shared(target, &lent, SIZE_MAX, &judged));
	/* A number of nobody's memory: the library lends it again, and it works. */
	lent.lent = 12345;
	wrong += kx_kav_kos_shared(target, &lent, LENT, &judged) != 0;
	kx_kav_transport_kos->shmem_close(target, &lent);
	return wrong;
}

/* A handle that is none, a size beyond the memory. */
static unsigned wrong_handles(const struct kx_kav_target *target)
{
	struct kx_kav_judged judged = {0};
	struct kx_kav_shmem lent = {0};
	unsigned wrong;

	if (kx_kav_transport_kos->shmem_open(target, LENT, NULL, &lent) != 0)
		return 1;
	lent.size = (size_t)1 << 40;
	wrong = !refused(kx_kav_kos_shared(target, &lent, 1, &judged));
	lent.size = SIZE_MAX;
	wrong += !refused(kx_kav_kos_shared(target, &lent, 1, &judged));
	lent.size = LENT;
	kx_kav_transport_kos->shmem_close(target, &lent);
	return wrong;
}

unsigned kx_kav_tour_nonsense(const char *connection)
{
	const struct kx_kav_target target = {.path = connection, .seconds = 5};
	char why[KX_KAV_NAME_MAX];
	uint32_t state = 1;
	unsigned wrong = wrong_tokens(&target);

	wrong += token_twice(&target);
	wrong += wrong_memory(&target);
	wrong += wrong_handles(&target);
	wrong += kx_kav_kos_state(&target, &state, why, sizeof(why)) != 0 || state != 0;
	(void)printf("kav: numbers that name nothing: %u not refused, the scanner is well\n",
		     wrong);
	(void)fflush(stdout);
	return wrong;
}
