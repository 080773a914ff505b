/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdio>
#include <cstring>
#include <string>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <zoo/IKeeper.idl.h>

static_assert(zoo_Animals_Herd == 8 && zoo_Animals_NameSize == 31 && zoo_Animals_Coldest == -40,
	      "constants");

#define CHECK(what)                                                                                \
	do {                                                                                       \
		if (!(what))                                                                       \
			std::fprintf(stderr, "visitor: line %d: %s\n", __LINE__, #what);           \
	} while (0)

/* Buffers for one call at a time. */
static char req_room[zoo_IKeeper_req_arena_size];
static char res_room[zoo_IKeeper_res_arena_size];
static nk_arena req_arena = NK_ARENA_INITIALIZER(req_room, req_room + sizeof(req_room));
static nk_arena res_arena = NK_ARENA_INITIALIZER(res_room, res_room + sizeof(res_room));

static void begin()
{
	nk_arena_reset(&req_arena);
	nk_arena_reset(&res_arena);
}

static std::string text(const nk_ptr_t &place)
{
	nk_uint32_t size = 0;
	const nk_char_t *bytes = nk_arena_get(nk_char_t, &res_arena, &place, &size);

	return bytes && size > 0 ? std::string(bytes, size - 1) : std::string("?");
}

static void admit(zoo_IKeeper *keeper, nk_uint32_t count)
{
	zoo_IKeeper_Admit_req req{};
	zoo_IKeeper_Admit_res res{};

	begin();
	auto *animals = nk_arena_alloc(zoo_Animals_Animal, &req_arena, &req.animals, count);
	for (nk_uint32_t i = 0; animals && i < count; i++) {
		animals[i].kind = static_cast<nk_uint8_t>(i);
		animals[i].size.weight = 1000000000000u + i;
		animals[i].paws[3] = 9;
		CHECK(NkKosCopyStringToArena(&req_arena, &animals[i].name,
					     i ? "other" : "a giraffe of thirty-one letters") ==
		      NK_EOK);
	}
	CHECK(zoo_IKeeper_Admit(keeper, &req, &req_arena, &res, &res_arena) == NK_EOK);
	CHECK(res.count == count && res.weight == 1000000000000u * count + count * (count - 1) / 2);
}

static void find(zoo_IKeeper *keeper)
{
	zoo_IKeeper_Find_req req{};
	zoo_IKeeper_Find_res res{};
	nk_size_t count = 0;

	begin();
	CHECK(NkKosCopyStringToArena(&req_arena, &req.name, "a giraffe of thirty-one letters") ==
	      NK_EOK);
	CHECK(zoo_IKeeper_Find(keeper, &req, &req_arena, &res, &res_arena) == NK_EOK);
	CHECK(!nk_msg_check_err(&res) && text(res.animal.name).size() == 31);
	CHECK(res.animal.paws[3] == 9 && res.animal.size.weight == 1000000000000u);
	auto *friends = nk_arena_get(nk_ptr_t, &res_arena, &res.animal.friends, &count);
	CHECK(friends && count == 2 && text(friends[0]) == "hippo" && text(friends[1]) == "");
	auto *code = nk_arena_get(nk_uint8_t, &res_arena, &res.animal.code, &count);
	CHECK(code && count == 3 && code[2] == 3);
	begin();
	CHECK(NkKosCopyStringToArena(&req_arena, &req.name, "unicorn") == NK_EOK);
	CHECK(zoo_IKeeper_Find(keeper, &req, &req_arena, &res, &res_arena) == NK_EOK);
	CHECK(nk_msg_check_err(&res) && res.err_.reason == 404 && text(res.err_.who) == "unicorn");
}

static void plan(zoo_IKeeper *keeper)
{
	zoo_IKeeper_Plan_req req{{}, {8, 8, 8, 8, 8, 0, 0}, {}};
	zoo_IKeeper_Plan_res res{};
	const nk_uint8_t shift[] = {4, 5};

	begin();
	auto *shifts = nk_arena_alloc(nk_ptr_t, &req_arena, &req.shifts, 2);
	CHECK(nk_arena_store(nk_uint8_t, &req_arena, &shifts[0], shift, 2) == 0);
	CHECK(nk_arena_store(nk_uint8_t, &req_arena, &shifts[1], shift, 1) == 0);
	CHECK(zoo_IKeeper_Plan(keeper, &req, &req_arena, &res, nullptr) == NK_EOK);
	CHECK(res.balance[0] == 1 && res.balance[1] == -4 && res.balance[2] == -8 &&
	      res.balance[6] == 0);
}

static void feed(zoo_IKeeper *keeper)
{
	zoo_IKeeper_Feed_req req{};
	zoo_IKeeper_Feed_res res{};

	begin();
	req.food.tag_ = zoo_Animals_Food_grams_tag;
	req.food.value_.grams = 500;
	CHECK(zoo_IKeeper_Feed(keeper, &req, &req_arena, &res, &res_arena) == NK_EOK);
	CHECK(res.leftover.tag_ == zoo_Animals_Food_carcass_tag &&
	      res.leftover.value_.carcass.weight == 250);
	begin();
	req.food.tag_ = zoo_Animals_Food_recipe_tag;
	CHECK(NkKosCopyStringToArena(&req_arena, &req.food.value_.recipe, "cake") == NK_EOK);
	CHECK(zoo_IKeeper_Feed(keeper, &req, &req_arena, &res, &res_arena) == NK_EOK);
	CHECK(text(res.leftover.value_.recipe) == "crumbs");
}

static void handles(zoo_IKeeper *keeper)
{
	zoo_IKeeper_Lend_req lend{};
	zoo_IKeeper_Lend_res lent{};
	zoo_IKeeper_Return_req back{};
	zoo_IKeeper_Return_res done{};

	begin();
	CHECK(zoo_IKeeper_Lend(keeper, &lend, nullptr, &lent, nullptr) == NK_EOK);
	const Handle key = nk_get_handle(&lent.key);
	CHECK(key != INVALID_HANDLE);
	back.key = nk_handle_desc(key);
	CHECK(zoo_IKeeper_Return(keeper, &back, nullptr, &done, nullptr) == NK_EOK);
	CHECK(done.badge == 4711);
	/* Revoked with all its descendants. */
	back.key = nk_handle_desc(key);
	CHECK(zoo_IKeeper_Return(keeper, &back, nullptr, &done, nullptr) != NK_EOK);
}

int main()
{
	const Handle channel = ServiceLocatorConnect("zoo");
	NkKosTransport transport;
	zoo_IKeeper_proxy big, small;
	zoo_IKeeper_Close_req close_req{};
	zoo_IKeeper_Close_res close_res{};

	NkKosTransport_Init(&transport, channel, NK_NULL, 0);
	zoo_IKeeper_proxy_init(&big, &transport.base, ServiceLocatorGetRiid(channel, "big.keeper"));
	zoo_IKeeper_proxy_init(&small, &transport.base,
			       ServiceLocatorGetRiid(channel, "small.keeper"));
	admit(&big.base, zoo_Animals_Herd);
	admit(&small.base, 1);
	find(&big.base);
	plan(&small.base);
	feed(&small.base);
	handles(&big.base);
	CHECK(zoo_IKeeper_Close(&big.base, &close_req, nullptr, &close_res, nullptr) == NK_EOK);
	CHECK(zoo_IKeeper_Close(&small.base, &close_req, nullptr, &close_res, nullptr) == NK_EOK);
	std::fprintf(stderr, "visitor: done\n");
	return 0;
}
