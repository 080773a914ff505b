/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.hpp"

Clock::Clock(nk_uint64_t step) : step_(step)
{
	static const layers_clock_IClock_ops table = {&Clock::now, &Clock::set};
	ops = &table;
}

nk_err_t Clock::now(layers_clock_IClock *self, const layers_clock_IClock_Now_req *,
		    const nk_arena *, layers_clock_IClock_Now_res *res, nk_arena *)
{
	auto *clock = static_cast<Clock *>(self);
	res->ticks = clock->ticks_ += clock->step_;
	return NK_EOK;
}

nk_err_t Clock::set(layers_clock_IClock *self, const layers_clock_IClock_Set_req *req,
		    const nk_arena *, layers_clock_IClock_Set_res *res, nk_arena *)
{
	auto *clock = static_cast<Clock *>(self);
	if (req->ticks < clock->ticks_) {
		nk_err_reset(res);
		res->err_.why = 77;
		return NK_EOK;
	}
	clock->ticks_ = req->ticks;
	return NK_EOK;
}
