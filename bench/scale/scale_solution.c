/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The init description of `kosix-bench scale`. Idle clients stand in groups, each
 * with a server and a gate of its own, because one entity has at most 4,096
 * channels; a client has two.
 */

#include <inttypes.h>
#include <stdio.h>

#include "measure/file.h"
#include "measure/solution.h"

static void write_cores(FILE *out, const struct kx_config *config, enum kx_role role)
{
	char cores[256];

	kx_place_list(&config->place, role, cores, sizeof(cores));
	fprintf(out, "      - \"cores=%s\"\n", cores);
}

static void write_echo(FILE *out, const struct kx_config *config, const char *name, unsigned number)
{
	fprintf(out,
		"  - name: bench.Echo\n    task: %s%u\n    path: %s\n    args:\n"
		"      - \"channel=%s%u\"\n",
		name, number, kx_program_name(config, KX_PROGRAM_ECHO), name, number);
}

static unsigned clients_of(const struct kx_config *config, unsigned group)
{
	unsigned each = config->idle_clients / config->groups;

	return each + (group < config->idle_clients % config->groups);
}

static void write_group(FILE *out, const struct kx_config *config, unsigned group)
{
	write_echo(out, config, "echo", group);
	fprintf(out,
		"  - name: bench.Gate\n    task: gate%u\n    path: %s\n    args:\n"
		"      - \"clients=%u\"\n      - \"channel=gate%u\"\n",
		group, kx_program_name(config, KX_PROGRAM_GATE), clients_of(config, group), group);
	for (unsigned i = 0; i < clients_of(config, group); i++)
		fprintf(out,
			"  - name: bench.Caller\n    task: idle%u_%u\n    path: %s\n    args:\n"
			"      - \"number=%u\"\n      - \"idle=1\"\n      - \"handles=%u\"\n"
			"      - \"gate=gate%u\"\n      - \"echo=echo%u\"\n"
			"    connections:\n      - target: echo%u\n        id: echo%u\n"
			"      - target: gate%u\n        id: gate%u\n",
			group, i, kx_program_name(config, KX_PROGRAM_CALLER), i, config->handles,
			group, group, group, group, group, group);
}

static void write_prober(FILE *out, const struct kx_config *config)
{
	fprintf(out,
		"  - name: bench.Prober\n    task: prober\n    path: %s\n    args:\n"
		"      - \"groups=%u\"\n      - \"victims=%u\"\n      - \"rounds=%" PRIu64 "\"\n",
		kx_program_name(config, KX_PROGRAM_PROBER), config->groups, config->victims,
		config->rounds);
	write_cores(out, config, KX_ROLE_CLIENT);
	fprintf(out, "    connections:\n      - target: probed0\n        id: probed0\n");
	for (unsigned g = 0; g < config->groups; g++)
		fprintf(out, "      - target: gate%u\n        id: gate%u\n", g, g);
	for (unsigned v = 0; v < config->victims; v++)
		fprintf(out, "      - target: victim%u\n        id: victim%u\n", v, v);
}

bool kx_scale_write_init(const struct kx_config *config, const char *path)
{
	FILE *out = kx_file_create(path);

	if (!out)
		return false;
	fprintf(out, "entities:\n");
	write_echo(out, config, "probed", 0);
	write_cores(out, config, KX_ROLE_SERVER);
	for (unsigned v = 0; v < config->victims; v++)
		write_echo(out, config, "victim", v);
	for (unsigned g = 0; g < config->groups; g++)
		write_group(out, config, g);
	write_prober(out, config);
	return kx_file_close(out, path);
}
