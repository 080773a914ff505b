/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <layers/clock/IClock.idl.h>

/* An implementation with state, in the way of C++: the generated table is its base. */
class Clock : public layers_clock_IClock
{
      public:
	explicit Clock(nk_uint64_t step);

      private:
	static nk_err_t now(layers_clock_IClock *self, const layers_clock_IClock_Now_req *,
			    const nk_arena *, layers_clock_IClock_Now_res *res, nk_arena *);
	static nk_err_t set(layers_clock_IClock *self, const layers_clock_IClock_Set_req *req,
			    const nk_arena *, layers_clock_IClock_Set_res *res, nk_arena *);
	nk_uint64_t ticks_ = 0;
	nk_uint64_t step_;
};
