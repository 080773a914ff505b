/* SPDX-License-Identifier: Apache-2.0 */

/* Keeps the animals of the last Admit; two houses, one set of functions. */

#include <stdio.h>
#include <string.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <zoo/Keeper.edl.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/countof.h>
#include <services/ocap.h>

#define KEY_USE OCAP_HANDLE_SPEC(0x1)

struct house {
	struct IKeeper base;
	char name[Animals_NameSize + 1];
	Animals_Animal first;
	int lent;
};

static int open_houses = 2;

static nk_err_t Admit(struct IKeeper *self, const struct IKeeper_Admit_req *req,
		      const struct nk_arena *arena, struct IKeeper_Admit_res *res,
		      struct nk_arena *res_arena)
{
	struct house *house = (struct house *)self;
	nk_uint32_t count = 0;
	nk_size_t length = 0;
	Animals_Animal *animals = nk_arena_get(Animals_Animal, arena, &req->animals, &count);
	const nk_char_t *name;

	(void)res_arena;
	if (!animals || count == 0)
		return NK_EINVAL;
	name = nk_arena_get(nk_char_t, arena, &animals[0].name, &length);
	if (!name || length > sizeof(house->name))
		return NK_EBADMSG;
	memcpy(house->name, name, length);
	house->first = animals[0];
	res->count = count;
	res->weight = 0;
	for (nk_uint32_t i = 0; i < count; i++)
		res->weight += animals[i].size.weight;
	return NK_EOK;
}

static nk_err_t fill(const struct house *house, Animals_Animal *animal, struct nk_arena *arena)
{
	static const nk_uint8_t code[] = {1, 2, 3};
	nk_ptr_t *friends;

	*animal = house->first;
	if (NkKosCopyStringToArena(arena, &animal->name, house->name) != NK_EOK ||
	    nk_arena_store(nk_uint8_t, arena, &animal->code, code, rtl_countof(code)) != 0)
		return NK_ENOMEM;
	friends = nk_arena_alloc(nk_ptr_t, arena, &animal->friends, 2);
	if (!friends || NkKosCopyStringToArena(arena, &friends[0], "hippo") != NK_EOK ||
	    NkKosCopyStringToArena(arena, &friends[1], "") != NK_EOK)
		return NK_ENOMEM;
	return NK_EOK;
}

static nk_err_t Find(struct IKeeper *self, const struct IKeeper_Find_req *req,
		     const struct nk_arena *arena, struct IKeeper_Find_res *res,
		     struct nk_arena *res_arena)
{
	struct house *house = (struct house *)self;
	nk_size_t length = 0;
	const nk_char_t *name = nk_arena_get(nk_char_t, arena, &req->name, &length);

	if (name && strcmp(name, house->name) == 0)
		return fill(house, &res->animal, res_arena);
	nk_err_reset(res);
	res->err_.reason = 404;
	return NkKosCopyStringToArena(res_arena, &res->err_.who, name ? name : "nobody");
}

static nk_err_t Plan(struct IKeeper *self, const struct IKeeper_Plan_req *req,
		     const struct nk_arena *arena, struct IKeeper_Plan_res *res,
		     struct nk_arena *res_arena)
{
	nk_uint32_t days = 0;
	nk_ptr_t *shifts = nk_arena_get(nk_ptr_t, arena, &req->shifts, &days);

	(void)self;
	(void)res_arena;
	for (nk_uint32_t i = 0; i < IKeeper_Days; i++)
		res->balance[i] = -(nk_sint32_t)req->hours[i];
	for (nk_uint32_t i = 0; shifts && i < days && i < IKeeper_Days; i++) {
		nk_uint32_t count = 0;
		nk_uint8_t *shift = nk_arena_get(nk_uint8_t, arena, &shifts[i], &count);

		while (shift && count-- > 0)
			res->balance[i] += shift[count];
	}
	return NK_EOK;
}

/* What is fed comes back, as another member. */
static nk_err_t Feed(struct IKeeper *self, const struct IKeeper_Feed_req *req,
		     const struct nk_arena *arena, struct IKeeper_Feed_res *res,
		     struct nk_arena *res_arena)
{
	nk_size_t length = 0;

	(void)self;
	switch (req->food.tag_) {
	case Animals_Food_grams_tag:
		res->leftover.tag_ = Animals_Food_carcass_tag;
		res->leftover.value_.carcass.weight = req->food.value_.grams / 2;
		return NK_EOK;
	case Animals_Food_recipe_tag:
		if (!nk_arena_get(nk_char_t, arena, &req->food.value_.recipe, &length))
			return NK_EBADMSG;
		res->leftover.tag_ = Animals_Food_recipe_tag;
		return NkKosCopyStringToArena(res_arena, &res->leftover.value_.recipe, "crumbs");
	default:
		return NK_EINVAL;
	}
}

static nk_err_t Lend(struct IKeeper *self, const struct IKeeper_Lend_req *req,
		     const struct nk_arena *arena, struct IKeeper_Lend_res *res,
		     struct nk_arena *res_arena)
{
	struct house *house = (struct house *)self;
	Handle key = INVALID_HANDLE;

	(void)req;
	(void)arena;
	(void)res_arena;
	house->lent = 4711;
	if (KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, KEY_USE | OCAP_HANDLE_TRANSFER,
				     &house->lent, &key) != rcOk)
		return NK_ENOMEM;
	res->key = nk_handle_desc(key);
	return NK_EOK;
}

static nk_err_t Return(struct IKeeper *self, const struct IKeeper_Return_req *req,
		       const struct nk_arena *arena, struct IKeeper_Return_res *res,
		       struct nk_arena *res_arena)
{
	nk_badge_t badge = 0;

	(void)self;
	(void)arena;
	(void)res_arena;
	if (nk_get_badge_op(&req->key, KEY_USE, &badge) != NK_EOK)
		return NK_EPERM;
	res->badge = (nk_uint32_t) * (int *)badge;
	return KnHandleRevoke(nk_get_handle(&req->key)) == rcOk ? NK_EOK : NK_EINVAL;
}

static nk_err_t Close(struct IKeeper *self, const struct IKeeper_Close_req *req,
		      const struct nk_arena *arena, struct IKeeper_Close_res *res,
		      struct nk_arena *res_arena)
{
	(void)self;
	(void)req;
	(void)arena;
	(void)res;
	(void)res_arena;
	open_houses--;
	return NK_EOK;
}

int main(void)
{
	static const struct IKeeper_ops ops = {
		.Admit = Admit,
		.Find = Find,
		.Plan = Plan,
		.Feed = Feed,
		.Lend = Lend,
		.Return = Return,
		.Close = Close,
	};
	static char req_buffer[Keeper_entity_req_arena_size];
	static char res_buffer[Keeper_entity_res_arena_size];
	static struct house houses[2] = {{.base = {&ops}}, {.base = {&ops}}};
	struct nk_arena req_arena =
		NK_ARENA_INITIALIZER(req_buffer, req_buffer + sizeof(req_buffer));
	struct nk_arena res_arena =
		NK_ARENA_INITIALIZER(res_buffer, res_buffer + sizeof(res_buffer));
	House_component components[2];
	Keeper_entity entity;
	Keeper_entity_req req;
	Keeper_entity_res res;
	NkKosTransport transport;
	ServiceId id;

	for (unsigned i = 0; i < rtl_countof(houses); i++)
		House_component_init(&components[i], &houses[i].base);
	Keeper_entity_init(&entity, &components[0], &components[1]);
	NkKosTransport_Init(&transport, ServiceLocatorRegister("zoo", NULL, 0, &id), NK_NULL, 0);
	while (open_houses > 0) {
		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		if (nk_transport_recv(&transport.base, &req.base_, &req_arena) != NK_EOK)
			continue;
		Keeper_entity_dispatch(&entity, &req.base_, &req_arena, &res.base_, &res_arena);
		nk_transport_reply(&transport.base, &res.base_, &res_arena);
	}
	fprintf(stderr, "keeper: closed\n");
	return 0;
}
