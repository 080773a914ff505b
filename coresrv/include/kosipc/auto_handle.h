/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_AUTO_HANDLE_H
#define KOSIPC_AUTO_HANDLE_H

/* A handle that is closed with its owner. */

#include <coresrv/handle/handle_api.h>

namespace kosipc
{

class AutoHandle
{
      public:
	explicit AutoHandle(::Handle handle = INVALID_HANDLE) noexcept : handle_(handle)
	{
	}

	AutoHandle(AutoHandle &&other) noexcept : handle_(other.Release())
	{
	}

	AutoHandle &operator=(AutoHandle &&other) noexcept
	{
		if (this != &other)
			Reset(other.Release());
		return *this;
	}

	~AutoHandle()
	{
		Reset();
	}

	::Handle Get() const noexcept
	{
		return handle_;
	}

	bool IsValid() const noexcept
	{
		return handle_ != INVALID_HANDLE;
	}

	explicit operator bool() const noexcept
	{
		return IsValid();
	}

	/* Gives the handle away. */
	::Handle Release() noexcept
	{
		const ::Handle handle = handle_;

		handle_ = INVALID_HANDLE;
		return handle;
	}

	void Reset(::Handle handle = INVALID_HANDLE) noexcept
	{
		if (IsValid())
			static_cast<void>(KnHandleClose(handle_));
		handle_ = handle;
	}

      private:
	::Handle handle_;
};

} // namespace kosipc

#endif /* KOSIPC_AUTO_HANDLE_H */
