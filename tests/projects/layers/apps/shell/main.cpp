/* SPDX-License-Identifier: Apache-2.0 */
#include <array>
#include <cstdio>
#include <cstring>

#include <layers/clock/IClock.idl.h>
#include <layers/store/api/ICell.idl.h>
#include <layers/store/api/ISum.idl.h>

#include "proxy.hpp"

static nk_err_t put(layers_store_api_ICell_proxy &cell, nk_sint32_t number, const char *name)
{
	std::array<char, layers_store_api_ICell_Put_req_arena_size> room;
	nk_arena arena = NK_ARENA_INITIALIZER(room.data(), room.data() + room.size());
	layers_store_api_ICell_Put_req req{};
	layers_store_api_ICell_Put_res res;

	req.value.number = number;
	if (NkKosCopyStringToArena(&arena, &req.value.name, name) != NK_EOK)
		return NK_ENOMEM;
	return layers_store_api_ICell_Put(&cell.base, &req, &arena, &res, nullptr);
}

static void show(layers_store_api_ICell_proxy &cell)
{
	char room[layers_store_api_ICell_Get_res_arena_size];
	nk_arena arena = NK_ARENA_INITIALIZER(room, room + sizeof(room));
	layers_store_api_ICell_Get_req req;
	layers_store_api_ICell_Get_res res;
	nk_uint32_t size = 0;

	if (layers_store_api_ICell_Get(&cell.base, &req, nullptr, &res, &arena) == NK_EOK) {
		const nk_char_t *name = nk_arena_get(nk_char_t, &arena, &res.value.name, &size);
		std::fprintf(stderr, "shell: %s = %d\n", name, res.value.number);
	}
}

int main()
{
	Channel hub{CHANNEL};
	auto right = hub.Endpoint<layers_store_api_ICell_proxy>(layers_store_api_ICell_proxy_init,
								"second.right.cell");
	auto left = hub.Endpoint<layers_store_api_ICell_proxy>(layers_store_api_ICell_proxy_init,
							       "second.left.cell");
	auto all = hub.Endpoint<layers_store_api_ISum_proxy>(layers_store_api_ISum_proxy_init,
							     "second.all");
	auto wall = hub.Endpoint<layers_clock_IClock_proxy>(layers_clock_IClock_proxy_init,
							    "layers.Hub.wall");
	layers_store_api_ISum_Sum_req sum_req;
	layers_store_api_ISum_Sum_res sum_res;
	layers_clock_IClock_Now_req now_req;
	layers_clock_IClock_Now_res now_res;
	layers_clock_IClock_Set_req set_req{};
	layers_clock_IClock_Set_res set_res;
	int failed = put(right, 40, "right") != NK_EOK;

	failed |= put(left, 2, "left") != NK_EOK;
	if (put(left, 1001, "too much") == NK_EPERM)
		std::fprintf(stderr, "shell: more than 1000 is denied\n");
	show(right);
	show(left);
	failed |= layers_store_api_ISum_Sum(&all.base, &sum_req, nullptr, &sum_res, nullptr);
	failed |= layers_clock_IClock_Now(&wall.base, &now_req, nullptr, &now_res, nullptr);
	failed |= layers_clock_IClock_Set(&wall.base, &set_req, nullptr, &set_res, nullptr);
	std::fprintf(stderr, "shell: sum %ld, %lu o'clock, %s %u\n", (long)sum_res.sum,
		     (unsigned long)now_res.ticks,
		     nk_msg_check_err(&set_res) ? "refused for" : "set", set_res.err_.why);
	return failed;
}
