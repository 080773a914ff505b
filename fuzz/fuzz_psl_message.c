/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Messages of any content against a module that reads every part of them
 * (tests/security/policies/pal_struct.psl). The kernel process checks messages
 * before; a module must survive without.
 */

#include <stdint.h>
#include <string.h>

#include "kosix/security_module.h"

#define FIXED_MAX 256u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* data: method, size of the constant part, constant part, arena. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const methods[] = {"Lamps", "Take", "FMode", "Stop"};
	static const struct kx_security_module *module;
	static void *state;
	uint8_t fixed[FIXED_MAX] = {0};
	struct kx_trail trail = {0};
	char text[300];
	struct kx_event event = {.kind = KX_EVENT_REQUEST,
				 .src = {10, "lights.Control", "c"},
				 .dst = {11, "lights.Gpio", "g"},
				 .endpoint = "gpio.mode",
				 .fixed = fixed};
	size_t taken;

	if (size < 2)
		return 0;
	if (!module) {
		module = kx_security_module();
		if (module->init(NULL, &state) != 0)
			return 0;
	}
	event.method = methods[data[0] % 4];
	event.fixed_size = data[1];
	taken = size - 2 < event.fixed_size ? size - 2 : event.fixed_size;
	memcpy(fixed, data + 2, taken);
	event.arena = data + 2 + taken;
	event.arena_size = (uint32_t)(size - 2 - taken);
	(void)module->decide(state, &event, &trail);
	(void)module->describe(state, &event, text, sizeof(text));
	return 0;
}
