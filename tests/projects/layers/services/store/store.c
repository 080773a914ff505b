/* SPDX-License-Identifier: Apache-2.0 */
#define NK_USE_UNQUALIFIED_NAMES
#include "store.h"

#include <string.h>

struct cell {
	struct ICell base; /* first: the interface is the cell */
	nk_sint32_t number;
	char name[Kinds_NameSize + 1];
};

struct sum {
	struct ISum base;
	const struct cell *cells;
};

static nk_err_t put(struct ICell *self, const ICell_Put_req *req, const struct nk_arena *arena,
		    ICell_Put_res *res, struct nk_arena *res_arena)
{
	struct cell *cell = (struct cell *)self;
	nk_size_t size = 0;
	const nk_char_t *name = nk_arena_get(nk_char_t, arena, &req->value.name, &size);

	(void)res;
	(void)res_arena;
	if (!name || size == 0 || size > sizeof(cell->name))
		return NK_EINVAL;
	memcpy(cell->name, name, size);
	cell->number = req->value.number;
	return NK_EOK;
}

static nk_err_t get(struct ICell *self, const ICell_Get_req *req, const struct nk_arena *req_arena,
		    ICell_Get_res *res, struct nk_arena *arena)
{
	const struct cell *cell = (const struct cell *)self;

	(void)req;
	(void)req_arena;
	res->value.number = cell->number;
	return nk_arena_store(nk_char_t, arena, &res->value.name, cell->name,
			      strlen(cell->name) + 1);
}

static nk_err_t sum(struct ISum *self, const ISum_Sum_req *req, const struct nk_arena *req_arena,
		    ISum_Sum_res *res, struct nk_arena *res_arena)
{
	const struct sum *all = (const struct sum *)self;

	(void)req;
	(void)req_arena;
	(void)res_arena;
	res->sum = (nk_sint64_t)all->cells[0].number + all->cells[1].number;
	return NK_EOK;
}

struct Store_component *store_make(void)
{
	static const struct ICell_ops cell_ops = {.Put = put, .Get = get};
	static const struct ISum_ops sum_ops = {.Sum = sum};
	static struct cell cells[2][2];
	static struct sum sums[2];
	static struct Cell_component parts[2][2];
	static struct Store_component stores[2];
	static int made;
	int n = made++;

	for (int i = 0; i < 2; i++) {
		cells[n][i].base.ops = &cell_ops;
		Cell_component_init(&parts[n][i], &cells[n][i].base);
	}
	sums[n].base.ops = &sum_ops;
	sums[n].cells = cells[n];
	Store_component_init(&stores[n], &parts[n][0], &parts[n][1], &sums[n].base);
	return &stores[n];
}
